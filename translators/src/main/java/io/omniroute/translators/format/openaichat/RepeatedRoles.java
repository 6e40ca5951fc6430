package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns of the same role one behind another, which become one for providers that want the user and the model to take turns. */
final class RepeatedRoles {

    private RepeatedRoles() {}

    /** Joins them where they stand. */
    static void join(ArrayNode messages) {
        for (int i = messages.size() - 1; i > 0; i--) {
            ObjectNode before = (ObjectNode) messages.get(i - 1);
            JsonNode turn = messages.get(i);
            if (!isJoined(before, turn)) {
                continue;
            }
            if (before.path("content").isString() && turn.path("content").isString()) {
                before.put(
                        "content",
                        before.path("content").stringValue() + "\n\n"
                                + turn.path("content").stringValue());
            } else {
                before.set("content", blocks(before).addAll(blocks(turn)));
            }
            messages.remove(i);
        }
    }

    private static boolean isJoined(JsonNode before, JsonNode turn) {
        String role = turn.path("role").asString("");
        return role.equals(before.path("role").asString(""))
                && (role.equals("user") || (role.equals("assistant") && isPlain(before) && isPlain(turn)));
    }

    /** Whether it has nothing but words. */
    private static boolean isPlain(JsonNode message) {
        return message.size() == 2 && message.path("content").isString();
    }

    private static ArrayNode blocks(JsonNode message) {
        JsonNode content = message.path("content");
        ArrayNode blocks = Json.array();
        if (content instanceof ArrayNode several) {
            blocks.addAll(several);
        } else if (content.isString()) {
            blocks.addObject().put("type", "text").put("text", content.stringValue());
        }
        return blocks;
    }
}
