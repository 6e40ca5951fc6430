package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a response says of its request, as typed clients expect to see it again: the form of the answer, the tools, and which may be called. */
record ResponsesEcho(ChatRequest request) {

    /** Where what the model is told before everything else stands in a request. */
    static final String INSTRUCTIONS = "instructions";

    static JsonNode instructions(ChatRequest request) {
        return request.messages().stream()
                .filter(message -> message.place().equals(INSTRUCTIONS))
                .findFirst()
                .<JsonNode>map(message -> Json.string(message.parts().stream()
                        .map(part -> part instanceof Part.Text text ? text.text() : "")
                        .collect(Collectors.joining())))
                .orElse(Json.nothing());
    }

    static ObjectNode format(OutputFormat output) {
        return switch (output) {
            case OutputFormat.Text text -> Json.object().put("type", "text");
            case OutputFormat.JsonObject any -> Json.object().put("type", "json_object");
            case OutputFormat.JsonSchema schema -> {
                ObjectNode format = Json.object()
                        .put("type", "json_schema")
                        .put("name", schema.name() == null ? "response" : schema.name());
                format.set("schema", schema.schema());
                yield format.put("strict", Boolean.TRUE.equals(schema.strict()));
            }
        };
    }

    JsonNode choice() {
        ToolChoice choice = request.toolChoice();
        return switch (choice) {
            case ToolChoice.None none -> Json.string("none");
            case ToolChoice.Required required -> Json.string("required");
            case ToolChoice.Named named
            when ToolSearch.isCalled(named.name(), request) -> Json.object().put("type", named.name());
            case ToolChoice.Named named -> named(named.name());
            case ToolChoice.Hosted hosted -> Json.object().put("type", hosted.kind());
            case ToolChoice.Among among -> {
                ObjectNode allowed =
                        Json.object().put("type", "allowed_tools").put("mode", among.required() ? "required" : "auto");
                ArrayNode tools = allowed.putArray("tools");
                among.names().forEach(name -> tools.add(named(name)));
                yield allowed;
            }
            case null, default -> Json.string("auto");
        };
    }

    private ObjectNode named(String name) {
        return Namespaces.put(Json.object().put("type", request.isCustom(name) ? "custom" : "function"), name);
    }

    ArrayNode tools() {
        ArrayNode tools = Json.array();
        request.tools().forEach(tool -> tool(tool, tools));
        return tools;
    }

    private static void tool(Tool tool, ArrayNode tools) {
        switch (tool) {
            case Tool.Function function
            when ToolSearch.written(function) instanceof JsonNode search -> tools.add(search);
            case Tool.Function function -> {
                ObjectNode written = tool("function", function.name());
                JsonNode namespace = function.extra().of(ResponsesFormat.ID).get("namespace");
                Namespaces.add(tools, function.name(), namespace, written, UnaryOperator.identity());
                written.put("description", ToldTools.description(function.description(), function.extra()));
                JsonNode schema = ToldTools.schema(function);
                written.set("parameters", schema == null ? Json.object() : schema);
                written.put("strict", Boolean.TRUE.equals(function.strict()));
            }
            case Tool.Custom custom -> {
                ObjectNode written = tool("custom", custom.name());
                JsonNode namespace = custom.extra().of(ResponsesFormat.ID).get("namespace");
                Namespaces.add(tools, custom.name(), namespace, written, UnaryOperator.identity());
                String description = ToldTools.description(custom.description(), custom.extra());
                if (description != null) {
                    written.put("description", description);
                }
                if (custom.format() != null) {
                    written.set("format", custom.format());
                }
            }
            case Tool.WebSearch search -> tools.add(search.raw());
            case Tool.Hosted hosted -> tools.add(hosted.raw());
        }
    }

    private static ObjectNode tool(String type, String name) {
        return Json.object().put("type", type).put("name", Objects.requireNonNull(Namespaces.local(name)));
    }
}
