package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Providers of OpenAI's formats answer in JSON without a schema only where the conversation itself speaks of JSON; others do not ask for that. */
public final class JsonMode {

    /** What says that it may be something else. */
    private static final Set<String> OTHERS = Set.of("anyOf", "oneOf", "enum", "const");

    private JsonMode() {}

    /** The conversation, with an instruction behind the client's own if the answer is to be JSON and nobody says so. */
    public static List<Message> named(ChatRequest request, TargetProfile target) {
        List<Message> messages = request.messages();
        if (isInstructed(request, target) && request.output() instanceof OutputFormat.JsonSchema schema) {
            return with(
                    messages,
                    beginning(request) + " with one JSON value and nothing else. It must follow this JSON Schema: "
                            + Json.text(schema.schema()));
        }
        if (!(request.output() instanceof OutputFormat.JsonObject)
                // where nothing but words can tell it, that the conversation speaks of it is not enough
                || (!isToldOnly(request, target) && messages.stream().anyMatch(JsonMode::speaksOfIt))) {
            return messages;
        }
        return with(messages, instruction(request));
    }

    /** What a model is told that is to answer in JSON. */
    public static String instruction(ChatRequest request) {
        return beginning(request) + " with one JSON object and nothing else.";
    }

    /** A model that may call functions must not take it for a word against them. */
    private static String beginning(ChatRequest request) {
        return request.tools().isEmpty() ? "Answer" : "Unless you call a function, answer";
    }

    /** Whether the answer's schema can only be told in words: OpenAI's formats take schemas of objects and no other, and not all providers do. */
    public static boolean isInstructed(ChatRequest request, TargetProfile target) {
        return request.output() instanceof OutputFormat.JsonSchema
                && (!target.structuredOutput() || isOfNoObject(request) || isToldOnly(request, target));
    }

    /** Whether the provider takes no form of the answer beside functions, so that it can only be told in words. */
    public static boolean isToldOnly(ChatRequest request, TargetProfile target) {
        return !target.schemaWithTools() && !request.tools().isEmpty();
    }

    /** Whether the answer may be something else than an object, which no mode of OpenAI's formats could give. */
    public static boolean isOfNoObject(ChatRequest request) {
        if (request.extra().format().startsWith("openai-")
                || !(request.output() instanceof OutputFormat.JsonSchema schema)) {
            return false;
        }
        JsonNode root = schema.schema() instanceof ObjectNode object ? OpenAiSchemas.resolved(object) : schema.schema();
        return !root.path("type").asString("object").equals("object")
                || OTHERS.stream().anyMatch(root::has);
    }

    private static List<Message> with(List<Message> messages, String instruction) {
        int end = 0;
        while (end < messages.size() && messages.get(end).role().isInstruction()) {
            end++;
        }
        List<Message> named = new ArrayList<>(messages);
        named.add(end, Message.of(Role.SYSTEM, List.of(Part.Text.of(instruction))));
        return named;
    }

    private static boolean speaksOfIt(Message message) {
        return message.parts().stream()
                .anyMatch(part -> part instanceof Part.Text text
                        && text.text().toLowerCase(Locale.ROOT).contains("json"));
    }
}
