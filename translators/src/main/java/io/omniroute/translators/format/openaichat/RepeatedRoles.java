package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.Json;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns of the same role one behind another, which become one for providers that want the user and the model to take turns. */
final class RepeatedRoles {

    private RepeatedRoles() {}

    /** Joins them where they stand. */
    static void join(ArrayNode messages) {
        List<JsonNode> turns = List.copyOf(messages.values());
        messages.removeAll();
        for (int i = 0; i < turns.size(); ) {
            int next = i + 1;
            while (next < turns.size() && isJoined(turns.get(i), turns.get(next))) {
                next++;
            }
            if (next > i + 1) {
                say(turns.subList(i, next), (ObjectNode) turns.get(i));
            }
            messages.add(turns.get(i));
            i = next;
        }
    }

    private static void say(List<JsonNode> turns, ObjectNode as) {
        if (turns.stream().allMatch(turn -> turn.path("content").isString())) {
            as.put(
                    "content",
                    turns.stream()
                            .map(turn -> turn.path("content").stringValue())
                            .collect(Collectors.joining("\n\n")));
            return;
        }
        ArrayNode all = Json.array();
        turns.forEach(turn -> all.addAll(blocks(turn)));
        as.set("content", all);
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
