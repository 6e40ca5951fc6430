package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The calls of a conversation and their answers. Calls without an id get one that depends on where they stand, and answers find theirs by id
 * or, by name, in order. Not thread-safe.
 */
final class GeminiCalls {

    /** The ids of calls that have no answer yet, by the name of what they call. */
    private final Map<String, Deque<String>> waiting = new HashMap<>();
    /** The answers to calls of one turn: some programs send one twice when they go on with a conversation they have kept. */
    private final Set<String> answers = new HashSet<>();

    /** A turn of the model begins: what it has called before is not answered any more. */
    void forget() {
        waiting.clear();
    }

    /** Answers to the calls of a turn begin. */
    void beginAnswers() {
        answers.clear();
    }

    /**
     * A call.
     *
     * @param turn which turn it stands in
     * @param index which part of the turn it is
     */
    Part.ToolCall call(Fields call, int turn, int index, Fields part) {
        String name = call.require("name");
        JsonNode args = call.take("args");
        String arguments = args == null ? "{}" : Arguments.text(args);
        String given = call.string("id");
        String id = given == null || given.isEmpty()
                ? IdRule.derived(turn + " " + index + " " + name + " " + arguments, "call_", 29)
                : given;
        waiting.computeIfAbsent(name, unknown -> new ArrayDeque<>()).add(id);
        return new Part.ToolCall(id, name, arguments, false, null, null, rest("functionCall", call, part));
    }

    /** Whether an answer has been given word for word, and no call waits for it: some have the same id for two, or none. */
    boolean isAgain(JsonNode response) {
        String id = response.path("id").asString("");
        Deque<String> calls = waiting.get(response.path("name").asString(""));
        boolean waits = calls != null && (id.isEmpty() ? !calls.isEmpty() : calls.contains(id));
        return !answers.add(RepeatedAnswers.words(response)) && !waits;
    }

    /** The answer to a call. */
    Part.ToolResult result(Fields result, int turn, Fields part) {
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
        for (Fields piece : result.objects("parts")) {
            Part medium = GeminiMedia.read(piece);
            if (medium != null) {
                content.add(medium);
            }
        }
        return new Part.ToolResult(id, name, error, content, false, null).with(rest("functionResponse", result, part));
    }

    /** What only this format knows of a call or its answer, and of the part that it stands in; its id is the client's own. */
    private static Extra rest(String name, Fields inner, Fields part) {
        Map<String, JsonNode> within = new LinkedHashMap<>(inner.rest());
        within.values().removeIf(JsonNode::isNull);
        JsonNode id = inner.object().get("id");
        if (id != null) {
            within.put("id", id);
        }
        Map<String, JsonNode> rest = new LinkedHashMap<>(part.rest());
        rest.values().removeIf(JsonNode::isNull);
        if (!within.isEmpty()) {
            rest.put(name, Json.object(within));
        }
        return rest.isEmpty() ? Extra.NONE : new Extra(GeminiFormat.ID, rest);
    }
}
