package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that have the same id, as programs write them that count anew in every turn: most vendors want ids that differ in the whole
 * conversation. Depends on the conversation alone, so that what comes back with the next turn gets the same ids.
 */
final class DistinctCalls {

    private final Set<String> used = new HashSet<>();
    /** How often an id came again. */
    private final Map<String, Integer> times = new HashMap<>();
    /** By the client's ids those of the calls that no answer was seen of yet. */
    private final Map<String, Deque<String>> open = new HashMap<>();

    private final Map<String, String> answered = new HashMap<>();

    private DistinctCalls() {}

    /** The request with ids that differ; itself if they do. */
    static ChatRequest of(ChatRequest request) {
        Set<String> seen = new HashSet<>();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call && !seen.add(call.id())) {
                    DistinctCalls calls = new DistinctCalls();
                    return request.change()
                            .messages(
                                    request.messages().stream().map(calls::turn).toList())
                            .build();
                }
            }
        }
        return request;
    }

    private Message turn(Message message) {
        if (message.parts().stream().anyMatch(Part.ToolCall.class::isInstance)) {
            open.clear(); // what has no answer by now gets none
        }
        List<Part> parts = message.parts().stream().map(this::part).toList();
        return message.with(parts);
    }

    private Part part(Part part) {
        return switch (part) {
            case Part.ToolCall call -> {
                String id = distinct(call.id());
                open.computeIfAbsent(call.id(), unknown -> new ArrayDeque<>()).add(id);
                yield call.withId(id);
            }
            case Part.ToolResult result -> {
                Deque<String> waiting = open.getOrDefault(result.callId(), new ArrayDeque<>());
                String id = waiting.isEmpty() ? answered.get(result.callId()) : waiting.remove();
                if (id == null) {
                    yield result;
                }
                answered.put(result.callId(), id);
                yield result.withCallId(id);
            }
            default -> part;
        };
    }

    private String distinct(String id) {
        if (used.add(id)) {
            return id;
        }
        String other;
        do {
            int count = times.merge(id, 1, Integer::sum) + 1;
            other = IdRule.derived(id + " " + count, "call_", 29);
        } while (!used.add(other));
        return other;
    }
}
