package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts the answers of tools right behind the turn that has called them. In Responses something else may stand between calls and their
 * answers, such as what a program's hook has to say; nowhere else may it.
 */
final class AnswersBehindCalls {

    private final List<Message> messages;
    private static final NavigableSet<Integer> NOWHERE = Collections.emptyNavigableSet();

    private final List<Message> ordered = new ArrayList<>();
    /** Where calls of an id are, and where their answers. */
    private final Map<String, NavigableSet<Integer>> called = new HashMap<>();

    private final Map<String, NavigableSet<Integer>> answered = new HashMap<>();
    /** The places of turns of which everything is somewhere else. */
    private final Set<Integer> gone = new HashSet<>();

    private AnswersBehindCalls(List<Message> messages) {
        this.messages = new ArrayList<>(messages);
        for (int i = 0; i < messages.size(); i++) {
            for (Part part : messages.get(i).parts()) {
                switch (part) {
                    case Part.ToolCall call -> note(called, call.id(), i);
                    case Part.ToolResult result -> note(answered, result.callId(), i);
                    default -> {
                        // is where it is
                    }
                }
            }
        }
    }

    private static void note(Map<String, NavigableSet<Integer>> places, String id, int place) {
        places.computeIfAbsent(id, unknown -> new TreeSet<>()).add(place);
    }

    /** The request in that order; itself if it has it. */
    static ChatRequest of(ChatRequest request) {
        AnswersBehindCalls order = new AnswersBehindCalls(request.messages());
        for (int i = 0; i < order.messages.size(); ) {
            i = order.turn(i);
        }
        return order.ordered.equals(request.messages())
                ? request
                : request.change().messages(order.ordered).build();
    }

    /** Adds a turn, with the answers to its calls right behind it; gives the place of the next turn. */
    private int turn(int at) {
        Message message = messages.get(at);
        if (gone.contains(at)) {
            return at + 1;
        }
        ordered.add(message);
        Set<String> open = calls(message);
        if (message.role() != Role.ASSISTANT || open.isEmpty()) {
            return at + 1;
        }
        List<Message> between = new ArrayList<>();
        int next = at + 1;
        for (; next < messages.size() && !open.isEmpty(); next++) {
            Message following = messages.get(next);
            if (gone.contains(next)) {
                continue;
            }
            if (following.role() == Role.ASSISTANT) {
                break;
            }
            (answers(following, open) ? ordered : between).add(following);
        }
        late(next, open);
        ordered.addAll(between);
        return next;
    }

    /** Adds answers that come behind further turns of the model, up to one that calls by the same id. */
    private void late(int from, Set<String> open) {
        SortedMap<Integer, Set<String>> found = new TreeMap<>();
        for (String id : open) {
            Integer answer = answered.getOrDefault(id, NOWHERE).ceiling(from);
            Integer again = called.getOrDefault(id, NOWHERE).ceiling(from);
            if (answer != null && (again == null || answer < again)) {
                found.computeIfAbsent(answer, place -> new HashSet<>()).add(id);
            }
        }
        found.forEach(this::bring);
    }

    /** Adds the first answer to each of some calls, which are in a later turn. */
    private void bring(int place, Set<String> ids) {
        Message later = messages.get(place);
        List<Part> answers = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        for (Part part : later.parts()) {
            boolean first = part instanceof Part.ToolResult result && ids.remove(result.callId());
            (first ? answers : others).add(part);
        }
        if (answers.isEmpty()) {
            return;
        }
        ordered.add(later.with(answers));
        messages.set(place, later.with(others));
        if (others.isEmpty()) {
            gone.add(place);
        }
    }

    private static Set<String> calls(Message message) {
        Set<String> ids = new HashSet<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolCall call) {
                ids.add(call.id());
            }
        }
        return ids;
    }

    private static boolean answers(Message message, Set<String> open) {
        boolean any = false;
        for (Part part : message.parts()) {
            any |= part instanceof Part.ToolResult result && open.remove(result.callId());
        }
        return any;
    }
}
