package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The search for tools that a client runs itself, as Codex does where it has many: for the models of other vendors it is a function like
 * others, and what it has found are tools like others. In its own format everything goes back as it came.
 */
final class ToolSearch {

    static final String NAME = "tool_search";
    static final String CALL = "tool_search_call";
    static final String OUTPUT = "tool_search_output";

    /** Where the item or tool is kept as the client wrote it. */
    private static final String WRITTEN = "tool_search";
    /** On what a search has found, which stands in its item and not among the tools. */
    private static final Extra FOUND = new Extra(ResponsesFormat.ID, Map.of("found", Json.string("")));

    private ToolSearch() {}

    /** Whether it is the client that searches. */
    static boolean isClients(JsonNode written) {
        return written.path("execution").asString("").equals("client");
    }

    static Tool tool(Fields tool) {
        JsonNode written = tool.whole();
        JsonNode parameters = written.get("parameters");
        return new Tool.Function(
                NAME,
                written.path("description").stringValue(null),
                parameters instanceof ObjectNode ? parameters : null,
                null,
                null,
                new Extra(ResponsesFormat.ID, Map.of(WRITTEN, written)));
    }

    static Part call(Fields item) {
        String id = item.require("call_id");
        JsonNode arguments = item.object().path("arguments");
        return new Part.ToolCall(
                id,
                NAME,
                arguments.isString()
                        ? arguments.stringValue()
                        : Arguments.text(arguments.isObject() ? arguments : Json.object()),
                false,
                null,
                null,
                new Extra(ResponsesFormat.ID, Map.of(WRITTEN, item.whole())));
    }

    static Part.ToolResult result(Fields item) {
        String id = item.require("call_id");
        List<String> names = new ArrayList<>();
        for (JsonNode tool : item.object().path("tools")) {
            if (tool.path("tools").isArray()) {
                tool.path("tools").forEach(inner -> names.add(inner.path("name").asString("")));
            } else {
                names.add(tool.path("name").asString(""));
            }
        }
        String text =
                names.isEmpty() ? "No tools were found." : "These tools can be used now: " + String.join(", ", names);
        return new Part.ToolResult(id, null, false, List.of(Part.Text.of(text)), false, null)
                .with(new Extra(ResponsesFormat.ID, Map.of(WRITTEN, item.whole())));
    }

    /** The tools that a search has found, beside those that are there. */
    static void found(List<Fields> tools, ChatRequest.Builder request) {
        for (Fields tool : tools) {
            ResponsesTools.add(tool, request, FOUND);
        }
    }

    static boolean isFound(Extra extra) {
        return extra.of(ResponsesFormat.ID).containsKey("found");
    }

    /** A tool, a call or an answer as the client wrote it; {@code null} if it is none of a search. */
    static @Nullable JsonNode written(Extra extra) {
        return extra.of(ResponsesFormat.ID).get(WRITTEN);
    }

    /** Whether calls of this name are the client's search. */
    static boolean isCalled(@Nullable String name, ChatRequest request) {
        return NAME.equals(name)
                && request.tools().stream()
                        .anyMatch(tool -> tool instanceof Tool.Function function
                                && function.name().equals(NAME)
                                && written(function.extra()) != null);
    }

    /** A call of the search, for the client that runs it. */
    static ObjectNode item(String id, String status, @Nullable String callId, String arguments) {
        ObjectNode item = Json.object()
                .put("id", id)
                .put("type", CALL)
                .put("status", status)
                .put("call_id", callId)
                .put("execution", "client");
        item.set("arguments", Arguments.object(arguments));
        return item;
    }
}
