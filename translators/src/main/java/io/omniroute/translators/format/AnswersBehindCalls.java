package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the answers of tools right behind the turn that has called them. In Responses something else may stand between calls and their
 * answers, such as what a program's hook has to say; nowhere else may it.
 */
final class AnswersBehindCalls {

    private final List<Message> messages;
    private final List<Message> ordered = new ArrayList<>();

    private AnswersBehindCalls(List<Message> messages) {
        this.messages = new ArrayList<>(messages);
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
        ordered.add(message);
        Set<String> open = calls(message);
        if (message.role() != Role.ASSISTANT || open.isEmpty()) {
            return at + 1;
        }
        List<Message> between = new ArrayList<>();
        int next = at + 1;
        for (; next < messages.size() && !open.isEmpty(); next++) {
            Message following = messages.get(next);
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
        for (int i = from; i < messages.size() && !open.isEmpty(); i++) {
            Message later = messages.get(i);
            if (calls(later).stream().anyMatch(open::contains)) {
                return;
            }
            List<Part> answers = later.parts().stream()
                    .filter(part -> part instanceof Part.ToolResult result && open.remove(result.callId()))
                    .toList();
            if (answers.isEmpty()) {
                continue;
            }
            ordered.add(later.with(answers));
            List<Part> others = new ArrayList<>(later.parts());
            others.removeAll(answers);
            if (others.isEmpty()) {
                messages.remove(i--);
            } else {
                messages.set(i, later.with(others));
            }
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
