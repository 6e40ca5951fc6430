package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.ToolChoice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a request of this format, in both of its spellings. Calls without an id get one that depends on where they stand, and
 * answers find theirs by id or, by name, in order.
 */
final class GeminiRequestReader {

    private static final String CONFIG = "generationConfig";

    private final CarrierSeal seal;
    private final Map<String, Deque<String>> waiting = new HashMap<>();
    /** The model's turn that is being read: what was streamed may come back in a content for each of its events. */
    private final List<Part> said = new ArrayList<>();

    private final GrowingPart growing = new GrowingPart();
    /** How many parts there were when a thought ended with its signature. */
    private int signedAt = -1;

    private String saidAt = "";
    /** The answers to calls of one turn: some programs send one twice when they go on with a conversation they have kept. */
    private final Set<JsonNode> answers = new HashSet<>();

    private boolean inPieces;
    private int turn;

    GeminiRequestReader(CarrierSeal seal) {
        this.seal = seal;
    }

    ChatRequest read(ObjectNode body, Endpoint endpoint) {
        Fields fields = Fields.of("", body);
        String model = endpoint.model();
        ChatRequest.Builder request = new ChatRequest.Builder(model == null ? "" : model);
        request.stream(endpoint.action().equals(GeminiFormat.STREAM));
        if (fields.take("cachedContent", "cached_content") != null) {
            throw GenerateContentCodec.kept("cachedContent");
        }
        fields.take("model");
        system(fields.take("systemInstruction", "system_instruction"), request);
        JsonNode contents = fields.take("contents");
        if (contents == null) {
            throw fields.missing("contents");
        }
        int index = 0;
        for (JsonNode content : contents.isArray() ? contents.values() : List.of(contents)) {
            content(fields.at("contents[" + index++ + "]", content), request);
        }
        endModel(request);
        Map<String, JsonNode> unread = new LinkedHashMap<>();
        boolean validated = false;
        JsonNode config = fields.take("toolConfig", "tool_config");
        if (config != null) {
            Fields settings = fields.at("toolConfig", GeminiSpelling.camel(config));
            ToolChoice choice = GeminiTools.choice(settings);
            request.toolChoice(choice);
            // names go with no other mode but this one and that of having to call one
            validated = choice instanceof ToolChoice.Auto auto && auto.validated()
                    || choice instanceof ToolChoice.Among among && !among.required();
            Unsaid.keep(unread, "toolConfig", settings);
        }
        JsonNode tools = fields.take("tools");
        int place = 0;
        for (JsonNode tool : tools == null ? List.<JsonNode>of() : tools.isObject() ? List.of(tools) : tools.values()) {
            GeminiTools.add(fields.at("tools[" + place++ + "]", tool), validated, request);
        }
        JsonNode generation = fields.take(CONFIG, "generation_config");
        if (generation != null) {
            Fields settings = fields.at(CONFIG, GeminiSpelling.camel(generation));
            GeminiGeneration.read(settings, request);
            Unsaid.keep(unread, CONFIG, settings);
        }
        JsonNode tier = fields.take("serviceTier", "service_tier");
        request.tier(tier == null ? null : tier(tier.asString("")));
        unread.putAll(fields.rest());
        request.unread(fields.unread());
        request.extra(new Extra(GeminiFormat.ID, unread).without(Set.of("store")));
        return request.build();
    }

    /** A tier in OpenAI's words. */
    private static @Nullable String tier(String written) {
        String tier = written.toLowerCase(Locale.ROOT);
        return switch (tier) {
            case "", "unspecified", "service_tier_unspecified" -> null;
            case "standard" -> "default";
            default -> tier;
        };
    }

    private static void system(@Nullable JsonNode system, ChatRequest.Builder request) {
        if (system == null) {
            return;
        }
        List<Part> parts = new ArrayList<>();
        if (system.isString()) {
            parts.add(Part.Text.of(system.stringValue()));
        }
        for (JsonNode part : system.path("parts").isObject()
                ? List.of(system.path("parts"))
                : system.path("parts").values()) {
            if (part.path("text").isString()) {
                parts.add(Part.Text.of(part.path("text").stringValue()));
            }
        }
        if (!parts.isEmpty()) {
            request.add(Message.of(Role.SYSTEM, parts));
        }
    }

    private void content(Fields content, ChatRequest.Builder request) {
        String role = content.string("role");
        boolean model = "model".equals(role);
        JsonNode written = content.take("parts");
        List<JsonNode> all =
                written == null ? List.of() : written.isObject() ? List.of(written) : List.copyOf(written.values());
        List<Part> parts = model ? said : new ArrayList<>();
        List<Part> results = new ArrayList<>();
        if (!model) {
            endModel(request);
        } else if (saidAt.isEmpty()) {
            waiting.clear();
            saidAt = content.path();
            inPieces = false;
        } else {
            inPieces = true;
        }
        int before = parts.size();
        for (int i = 0; i < all.size(); i++) {
            Fields part = content.at(content.path("parts") + "[" + i + "]", all.get(i));
            part(part, i, parts, results);
            if (i == 0) {
                join(parts, before);
            }
        }
        if (!model) {
            growing.end(parts);
        }
        turn++;
        if (!results.isEmpty()) {
            endModel(request);
            request.add(Message.of(Role.TOOL, results, content.path()));
        }
        if (!model && (!parts.isEmpty() || results.isEmpty())) {
            request.add(Message.of(Role.USER, parts, content.path()));
        }
    }

    /** A text that goes on in the next content is one text. */
    private void join(List<Part> parts, int at) {
        if (at > 0
                && parts.size() == at + 1
                && parts.get(at - 1) instanceof Part.Text text
                && parts.get(at) instanceof Part.Text next
                && text.extra() == Extra.NONE
                && next.extra() == Extra.NONE) {
            parts.removeLast();
            growing.add(parts, text.text(), next.text());
        }
    }

    private void endModel(ChatRequest.Builder request) {
        if (saidAt.isEmpty()) {
            return;
        }
        growing.end(said);
        if (said.size() > 1) {
            said.removeIf(part -> part instanceof Part.Text text && text.text().isEmpty());
        }
        request.add(Message.of(Role.ASSISTANT, said, inPieces ? "" : saidAt));
        said.clear();
        signedAt = -1;
        saidAt = "";
    }

    private void part(Fields part, int index, List<Part> parts, List<Part> results) {
        JsonNode signature = part.take("thoughtSignature", "thought_signature");
        Opaque opaque = Signatures.read(seal, signature == null ? null : signature.asString(""));
        JsonNode thinks = part.take("thought");
        boolean thought = thinks != null && thinks.asBoolean(false);
        JsonNode call = part.take("functionCall", "function_call");
        JsonNode response = part.take("functionResponse", "function_response");
        JsonNode text = part.take("text");
        Part medium = GeminiMedia.read(part);
        if (call != null) {
            call(part.at(part.path("functionCall"), call), index, opaque, parts, part);
        } else if (response != null) {
            if (results.isEmpty()) {
                answers.clear();
            }
            if (!isAgain(response)) {
                Fields inner = part.at(part.path("functionResponse"), response);
                results.add(result(inner).with(rest("functionResponse", inner, part)));
            }
        } else if (medium != null) {
            parts.add(medium);
            if (opaque != null && opaque.family().equals(GeminiFormat.ID)) {
                parts.add(new Part.Thought("", opaque.as(Opaque.Kind.TEXT_SIGNATURE)));
            }
        } else if (text != null && !thought && opaque != null && opaque.family().equals(GeminiFormat.ID)) {
            if (!text.asString("").isEmpty()) {
                parts.add(new Part.Text(text.asString(""), null, Extra.rest(GeminiFormat.ID, part)));
            }
            parts.add(new Part.Thought("", opaque.as(Opaque.Kind.TEXT_SIGNATURE)));
        } else if (thought || (text != null && text.asString("").isEmpty() && opaque != null)) {
            thought(text == null ? "" : text.asString(""), opaque, parts);
        } else if (text != null) {
            parts.add(new Part.Text(text.asString(""), null, Extra.rest(GeminiFormat.ID, part)));
        } else {
            parts.add(new Part.Native(GeminiFormat.ID, part.whole()));
        }
    }

    /** Whether an answer has been given word for word, and no call waits for it: some have the same id for two. */
    private boolean isAgain(JsonNode response) {
        String id = response.path("id").asString("");
        Deque<String> calls = waiting.get(response.path("name").asString(""));
        boolean known = !id.isEmpty() && !answers.add(response.deepCopy());
        return known && (calls == null || !calls.contains(id));
    }

    /** A streamed thought comes back in pieces, of which the last one has the signature of all. */
    private void thought(String text, @Nullable Opaque opaque, List<Part> parts) {
        Opaque known = opaque == null ? new Opaque("", Opaque.Kind.PLAIN, null, "") : opaque;
        if (!parts.isEmpty()
                && parts.size() != signedAt
                && parts.getLast() instanceof Part.Thought before
                && before.opaque() != null
                && before.opaque().kind() == Opaque.Kind.PLAIN) {
            growing.add(parts, before.text(), text);
            if (opaque != null) {
                growing.end(parts);
                String whole = ((Part.Thought) parts.removeLast()).text();
                parts.add(new Part.Thought(whole, Signatures.checked(whole, known)));
                // it has ended, whether the signature was its own or not
                signedAt = parts.size();
            }
        } else {
            parts.add(new Part.Thought(text, Signatures.checked(text, known)));
        }
    }

    /** What led to a call, and came back on it: before all that was said since the call before, unless the client has it there already. */
    private static void thoughtOf(Part.Thought thought, Opaque opaque, List<Part> parts) {
        int since = parts.size();
        while (since > 0 && !(parts.get(since - 1) instanceof Part.ToolCall)) {
            since--;
            if (parts.get(since) instanceof Part.Thought known
                    && known.opaque() != null
                    && known.opaque().payload().equals(opaque.payload())) {
                return;
            }
        }
        parts.add(Signatures.standsBefore(opaque) ? since : parts.size(), thought);
    }

    /** A signature on a call stands before it as a thought that only Google can read. */
    private void call(Fields call, int index, @Nullable Opaque opaque, List<Part> parts, Fields part) {
        growing.end(parts); // before a thought moves it
        Part.Thought shown = opaque == null ? null : Signatures.thought(opaque);
        if (opaque != null && shown != null) {
            thoughtOf(shown, opaque, parts);
        } else if (opaque != null && !Signatures.isNone(opaque)) {
            parts.add(new Part.Thought("", opaque));
        }
        String name = call.require("name");
        JsonNode args = call.take("args");
        String arguments = args == null ? "{}" : Arguments.text(args);
        String given = call.string("id");
        String id = given == null || given.isEmpty()
                ? IdRule.derived(turn + " " + index + " " + name + " " + arguments, "call_", 29)
                : given;
        waiting.computeIfAbsent(name, unknown -> new ArrayDeque<>()).add(id);
        parts.add(new Part.ToolCall(id, name, arguments, false, null, null, rest("functionCall", call, part)));
    }

    /** What only this format knows of a call or its answer, and of the part that it stands in; its id is the client's own. */
    private static Extra rest(String name, Fields inner, Fields part) {
        Map<String, JsonNode> within = new LinkedHashMap<>(inner.rest());
        JsonNode id = inner.object().get("id");
        if (id != null) {
            within.put("id", id);
        }
        Map<String, JsonNode> rest = new LinkedHashMap<>(part.rest());
        if (!within.isEmpty()) {
            rest.put(name, Json.object(within));
        }
        return rest.isEmpty() ? Extra.NONE : new Extra(GeminiFormat.ID, rest);
    }

    private Part.ToolResult result(Fields result) {
        String name = result.require("name");
        String given = result.string("id");
        Deque<String> calls = waiting.getOrDefault(name, new ArrayDeque<>());
        String id;
        if (given != null && calls.remove(given)) {
            id = given;
        } else if (!calls.isEmpty()) {
            id = calls.remove();
        } else {
            id = given == null || given.isEmpty() ? IdRule.derived("orphan " + turn + " " + name, "call_", 29) : given;
        }
        JsonNode response = result.take("response");
        List<Part> content = new ArrayList<>();
        boolean error = false;
        if (response != null) {
            boolean wrapped = response.size() == 1 && response.path("output").isString();
            error = response.size() == 1 && response.has("error");
            String text = wrapped
                    ? response.path("output").stringValue()
                    : error && response.path("error").isString()
                            ? response.path("error").stringValue()
                            : Json.text(response);
            content.add(Part.Text.of(text));
        }
        for (Fields part : result.objects("parts")) {
            Part medium = GeminiMedia.read(part);
            if (medium != null) {
                content.add(medium);
            }
        }
        return new Part.ToolResult(id, name, error, content, false, null);
    }
}
