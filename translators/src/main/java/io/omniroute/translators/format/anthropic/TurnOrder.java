package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.Instructions;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.model.Loss;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The order of turns that Anthropic takes: user and model alternate, and instructions stand behind a turn of the user alone, where only
 * the model may follow them.
 */
final class TurnOrder {

    /** The role of instructions between turns. */
    static final String SYSTEM = "system";

    private static final String USER = "user";

    private TurnOrder() {}

    /** Moves instructions that stand elsewhere behind the user's turn that follows; where none does, they are said in one. */
    static void placeInstructions(ArrayNode messages, Losses losses) {
        List<ObjectNode> turns = new ArrayList<>();
        messages.forEach(message -> turns.add((ObjectNode) message));
        if (turns.stream().noneMatch(turn -> isOf(turn, SYSTEM))) {
            return;
        }
        messages.removeAll();
        List<ObjectNode> waiting = new ArrayList<>();
        for (ObjectNode turn : turns) {
            if (isOf(turn, SYSTEM)) {
                waiting.add(turn);
                continue;
            }
            if (isOf(turn, "assistant")) {
                place(waiting, messages, losses);
            }
            add(messages, turn.path("role").asString(""), (ArrayNode) turn.get("content"));
        }
        place(waiting, messages, losses);
    }

    private static void place(List<ObjectNode> waiting, ArrayNode messages, Losses losses) {
        for (ObjectNode instruction : waiting) {
            ArrayNode content = (ArrayNode) instruction.get("content");
            if (isLast(messages, USER) || isLast(messages, SYSTEM)) {
                add(messages, SYSTEM, content);
            } else {
                losses.add(Loss.Code.SYSTEM_MOVED, "messages");
                for (JsonNode block : content) {
                    ((ObjectNode) block)
                            .put("text", Instructions.inTurn(block.path("text").asString("")));
                }
                add(messages, USER, content);
            }
        }
        waiting.clear();
    }

    /** Whether the last turn is of that role. */
    static boolean isLast(ArrayNode messages, String role) {
        return !messages.isEmpty() && isOf(messages.get(messages.size() - 1), role);
    }

    /** Adds to the last turn if it is of the same role. */
    static void add(ArrayNode messages, String role, ArrayNode content) {
        if (isLast(messages, role)) {
            ((ArrayNode) messages.get(messages.size() - 1).get("content")).addAll(content);
        } else if (!content.isEmpty()) {
            messages.addObject().put("role", role).set("content", content);
        }
    }

    private static boolean isOf(JsonNode turn, String role) {
        return turn.path("role").asString("").equals(role);
    }
}
