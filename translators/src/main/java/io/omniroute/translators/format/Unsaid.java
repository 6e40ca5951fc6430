package io.omniroute.translators.format;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Tool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client has said that a provider of another format is not told: hints and marks of caches, and fields that nobody has read. */
public final class Unsaid {

    private static final Set<String> NAMES =
            Set.of("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options");

    private static final String CONFIG = "generationConfig";
    /** Fields of which a request keeps what is only known to its own format, by the format. */
    private static final Map<String, Set<String>> CONTAINERS = Map.of(
            "gemini", Set.of(CONFIG, "toolConfig"),
            "anthropic-messages", Set.of("thinking", "output_config", "metadata", "tool_choice"),
            "openai-chat", Set.of("reasoning", "reasoning_effort", "thinking", "enable_thinking", "thinking_budget"),
            "openai-responses", Set.of("reasoning", "text"));

    /** Those of them that mean nothing without what the writer has to say in them. */
    private static final Set<String> DEPENDENT = Set.of("thinking", "tool_choice");

    /** What of a container means nothing without it. */
    private static final Set<String> SHOWING = Set.of("summary");

    /** What else an answer is to bring, in the Responses format. */
    private static final String INCLUDE = "include";
    /** What clients get of it from every provider, or what only helps a provider to go on. */
    private static final Set<String> INCLUDED = Set.of("reasoning.encrypted_content", "message.output_text.logprobs");

    private static final String MODALITIES = "responseModalities";

    /** The type of an answer that is one of some words and nothing else, which no other format can ask for. */
    public static final String ONE_WORD = "text/x.enum";

    private Unsaid() {}

    /**
     * The request without what Anthropic's own client says to nobody but Anthropic, in every request in other words: at the beginning of a
     * prompt it would keep all others from finding that in their caches.
     */
    static ChatRequest withoutBilling(ChatRequest request) {
        if (!request.extra().format().equals("anthropic-messages")
                || request.messages().stream().noneMatch(Unsaid::isBilling)) {
            return request;
        }
        List<Message> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            List<Part> parts = !isBilling(message)
                    ? message.parts()
                    : message.parts().stream().filter(part -> !isBilling(part)).toList();
            if (!parts.isEmpty() || message.parts().isEmpty()) {
                messages.add(message.with(parts));
            }
        }
        return request.change().messages(messages).build();
    }

    private static boolean isBilling(Message message) {
        return message.role() == Role.SYSTEM && message.parts().stream().anyMatch(Unsaid::isBilling);
    }

    private static boolean isBilling(Part part) {
        return part instanceof Part.Text text && text.text().startsWith("x-anthropic-billing-header:");
    }

    /** Whether the client asks for pictures in the answer. */
    public static boolean wantsPictures(ChatRequest request) {
        return modalities(request).stream().anyMatch(one -> one.equalsIgnoreCase("image"));
    }

    private static List<String> modalities(ChatRequest request) {
        JsonNode chats = request.extra().fields().get("modalities");
        JsonNode config = request.extra().fields().get(CONFIG);
        JsonNode asked = chats != null || config == null ? chats : config.path(MODALITIES);
        return asked == null
                ? List.of()
                : asked.valueStream().map(one -> one.asString("")).toList();
    }

    /** What is only known to the request's own format, under the name of what it stands in, if there is anything. */
    public static void keep(Map<String, JsonNode> rest, String name, @Nullable Fields container) {
        Map<String, JsonNode> unread = container == null ? Map.of() : container.rest();
        if (!unread.isEmpty()) {
            rest.put(name, Json.object(unread));
        }
    }

    /** Writes what only the request's own format knows, beside what is already there. */
    public static void restore(ObjectNode body, Extra extra, String format) {
        Set<String> containers = CONTAINERS.getOrDefault(format, Set.of());
        extra.of(format).forEach((name, value) -> {
            if (containers.contains(name) && value instanceof ObjectNode inner) {
                boolean off = body.path(name).path("type").asString("").equals("disabled");
                if (!off && (body.has(name) || !DEPENDENT.contains(name))) {
                    boolean alone = !body.has(name);
                    inner.properties().stream()
                            .filter(field -> !alone || !SHOWING.contains(field.getKey()))
                            .forEach(
                                    field -> (body.get(name) instanceof ObjectNode known ? known : body.putObject(name))
                                            .set(field.getKey(), field.getValue()));
                }
            } else if (name.equals(INCLUDE)) {
                Set<String> all = new LinkedHashSet<>();
                body.path(INCLUDE).forEach(one -> all.add(one.asString("")));
                value.forEach(one -> all.add(one.asString("")));
                ArrayNode included = body.putArray(INCLUDE);
                all.forEach(included::add);
            } else {
                body.set(name, value);
            }
        });
    }

    /** Asks for something else that an answer is to bring, in the Responses format. */
    public static void include(ObjectNode body, String what) {
        ArrayNode included = body.get(INCLUDE) instanceof ArrayNode known ? known : body.putArray(INCLUDE);
        if (included.valueStream().noneMatch(one -> one.asString("").equals(what))) {
            included.add(what);
        }
    }

    /** Takes out what a provider refuses. */
    public static void unsupported(ObjectNode body, TargetProfile target, Losses losses) {
        for (String name : target.unsupported()) {
            if (body.remove(name) != null) {
                losses.add(Loss.Code.FIELD_DROPPED, name);
            }
        }
    }

    /** Whether a field is such a hint. */
    public static boolean isHint(String field) {
        return NAMES.contains(field);
    }

    /** Writes them where they are known, and notes them where they are not. */
    public static void write(ChatRequest request, boolean known, ObjectNode body, Losses losses) {
        request.extra().fields().forEach((name, value) -> {
            if (!isHint(name)) {
                return;
            }
            if (known) {
                body.set(name, value);
            } else {
                losses.add(Loss.Code.CACHE_HINT_DROPPED, name);
            }
        });
    }

    /** Notes the marks of what may be cached, for providers that cache without being told. */
    public static void loseMarks(ChatRequest request, Losses losses) {
        loseMarks(request, false, false, losses);
    }

    /** The same for a provider of one of OpenAI's formats, which may know marks of parts. */
    public static void loseMarks(ChatRequest request, TargetProfile target, Losses losses) {
        loseMarks(request, CacheMarks.areKnown(target), CacheMarks.areAnthropics(target), losses);
    }

    private static void loseMarks(ChatRequest request, boolean parts, boolean results, Losses losses) {
        lost(request.cache(), "cache_control", losses);
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                lost(function.cache(), "tools.cache_control", losses);
            }
        }
        for (Message message : request.messages()) {
            String path = message.role().isInstruction() ? "system.cache_control" : "messages.cache_control";
            boolean written = parts && message.role() != Role.ASSISTANT;
            for (Part part : message.parts()) {
                if (!written || part instanceof Part.ToolCall || (part instanceof Part.ToolResult && !results)) {
                    loseMark(part, path, losses);
                }
            }
        }
    }

    private static void loseMark(Part part, String path, Losses losses) {
        switch (part) {
            case Part.Text text -> lost(text.cache(), path, losses);
            case Part.Image image -> lost(image.cache(), path, losses);
            case Part.Document document -> lost(document.cache(), path, losses);
            case Part.ToolCall call -> lost(call.cache(), path, losses);
            case Part.ToolResult result -> {
                lost(result.cache(), path, losses);
                result.content().forEach(inner -> loseMark(inner, path, losses));
            }
            default -> {
                // takes no mark
            }
        }
    }

    private static void lost(@Nullable CacheMark mark, String path, Losses losses) {
        if (mark != null) {
            losses.add(Loss.Code.CACHE_MARK_DROPPED, path);
        }
    }

    /**
     * Notes the fields of another format that nobody has read.
     *
     * @param pictures whether the provider may answer in pictures
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if one of them asks for what this provider cannot give
     */
    public static void lose(ChatRequest request, boolean pictures, Losses losses) {
        Map<String, JsonNode> fields = request.extra().fields();
        for (String asked : modalities(request)) {
            boolean taken = asked.equalsIgnoreCase("text") || (pictures && asked.equalsIgnoreCase("image"));
            if (!taken) {
                throw losses.unsupported("modalities", "this provider does not answer in \"" + asked + "\"");
            }
        }
        JsonNode config = fields.get(CONFIG);
        if (config != null && config.path("responseMimeType").asString("").equals(ONE_WORD)) {
            throw losses.unsupported(
                    CONFIG + ".responseMimeType", "this provider cannot be held to one of some words without JSON");
        }
        JsonNode servers = fields.get("mcp_servers");
        if (servers != null && !servers.isEmpty()) {
            throw losses.unsupported("mcp_servers", "this provider calls no remote servers of that kind");
        }
        Set<String> containers = CONTAINERS.getOrDefault(request.extra().format(), Set.of());
        request.unread().stream()
                .filter(path -> !path.equals(CONFIG + "." + MODALITIES))
                .forEach(path -> losses.add(Loss.Code.FIELD_DROPPED, path));
        fields.forEach((name, value) -> {
            if (value.isNull() || (value.isContainer() && value.isEmpty())) {
                return;
            }
            if (containers.contains(name)) {
                return; // what is inside is told by its own names
            }
            if (name.equals(INCLUDE)) {
                value.forEach(one -> {
                    if (!INCLUDED.contains(one.asString(""))) {
                        losses.add(Loss.Code.FIELD_DROPPED, name);
                    }
                });
            } else if (!isHint(name) && !UserIds.isName(name) && !name.equals("modalities")) {
                losses.add(Loss.Code.FIELD_DROPPED, name);
            }
        });
    }
}
