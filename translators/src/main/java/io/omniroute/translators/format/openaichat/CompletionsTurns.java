package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.Instructions;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation as messages: one for each answer of a tool, and pictures that tools gave in a user's message behind
 * the last of them.
 */
final class CompletionsTurns {

    private final TargetProfile target;
    private final boolean own;
    private final Losses losses;
    private final CompletionsParts parts;
    private final AssistantTurn assistants;
    private final List<Part> hoisted = new ArrayList<>();
    /** Whether instructions come late now, as far as the turns were looked at. */
    private boolean late;

    private int looked;
    /** Where that stands; empty if in several turns. */
    private String hoistedFrom = "";

    private final ArrayNode messages = Json.array();

    /** @param own whether the conversation came in this format, whose own fields it may have */
    CompletionsTurns(TargetProfile target, Losses losses, boolean own) {
        this.parts = new CompletionsParts(target, losses, own);
        this.own = own;
        this.assistants = new AssistantTurn(target, losses, own);
        this.target = target;
        this.losses = losses;
    }

    ArrayNode write(List<Message> turns) {
        for (Message turn : turns) {
            if (turn.role() != Role.TOOL) {
                placeHoisted();
            }
            if (turn.role() == Role.USER) {
                answerTools();
            }
            losses.at(turn);
            switch (turn.role()) {
                case TOOL -> {
                    int before = hoisted.size();
                    turn.parts().forEach(this::result);
                    if (hoisted.size() > before) {
                        hoistedFrom = before == 0 ? turn.place() : "";
                    }
                }
                case ASSISTANT -> assistants.write(turn, messages);
                case SYSTEM -> instruction("system", turn);
                case DEVELOPER -> instruction(target.developerRole() ? "developer" : "system", turn);
                case USER -> plain("user", turn);
            }
        }
        placeHoisted();
        losses.behindTurns();
        if (!own && target.unsupported().contains("repeated_role")) {
            RepeatedRoles.join(messages);
        }
        if (!messages.isEmpty()
                && !own
                && target.takes().contains("prefix")
                && messages.get(messages.size() - 1) instanceof ObjectNode last
                && last.path("role").asString("").equals("assistant")
                && !last.has("tool_calls")) {
            last.put("prefix", true);
        }
        return messages;
    }

    /** An instruction, as a user's where the provider takes none behind what the model has said. */
    private void instruction(String role, Message turn) {
        boolean never = target.unsupported().contains("late_system");
        for (; looked < messages.size(); looked++) {
            String said = messages.get(looked).path("role").asString("");
            late |= said.equals("assistant") || (never && said.equals("user"));
        }
        if (own || !late || !(never || target.unsupported().contains("system_after_assistant"))) {
            plain(role, turn);
            return;
        }
        losses.add(Loss.Code.SYSTEM_MOVED, "messages");
        String text = Instructions.text(turn.parts(), losses);
        if (!text.isEmpty()) {
            answerTools();
            messages.addObject().put("role", "user").put("content", Instructions.inTurn(text));
        }
    }

    private void plain(String role, Message turn) {
        ObjectNode message = messages.addObject().put("role", role);
        message.set("content", parts.content(turn.parts(), "messages"));
        if (turn.name() != null) {
            message.put("name", turn.name());
        }
        turn.extra().of(OpenAiChatFormat.ID).forEach(message::set);
    }

    private void result(Part part) {
        if (!(part instanceof Part.ToolResult result)) {
            throw new IllegalStateException("a tool's turn has answers only");
        }
        StringBuilder text = new StringBuilder();
        if (result.error()) {
            losses.add(Loss.Code.ERROR_MARKED, "messages.is_error");
            text.append(ToolErrors.MARK);
        }
        int pictures = 0;
        for (Part piece : result.content()) {
            if (piece instanceof Part.Text words) {
                text.append(text.isEmpty() || result.error() && text.length() == ToolErrors.MARK.length() ? "" : "\n")
                        .append(words.text());
            } else {
                pictures++;
                losses.add(Loss.Code.IMAGE_HOISTED, "messages.content");
                String kind = piece instanceof Part.Image ? "image" : "file";
                text.append(text.isEmpty() ? "" : "\n")
                        .append("[" + kind + " " + pictures + " of tool result "
                                + target.ids().apply(result.callId()) + " follows]");
                hoisted.add(piece);
            }
        }
        ObjectNode message = messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", target.ids().apply(result.callId()));
        if (own && result.name() != null) {
            message.put("name", result.name());
        }
        if (own && pictures == 0 && !result.error() && hasParts(result)) {
            message.set("content", parts.content(result.content(), "messages"));
        } else {
            content(result, text.toString(), message);
        }
        result.extra().of(OpenAiChatFormat.ID).forEach(message::set);
    }

    /** A text, as a part of its own where it is marked. */
    private void content(Part.ToolResult result, String text, ObjectNode message) {
        CacheMark mark = result.content().stream()
                .flatMap(piece -> piece instanceof Part.Text words ? Stream.ofNullable(words.cache()) : Stream.empty())
                .reduce((first, last) -> last)
                .orElse(result.cache());
        if (mark == null || own || !CacheMarks.areAnthropics(target)) {
            message.put("content", text);
            return;
        }
        ObjectNode part =
                message.putArray("content").addObject().put("type", "text").put("text", text);
        CacheMarks.write(mark, part, target, losses);
    }

    /** Whether its content is more than a text. */
    private static boolean hasParts(Part.ToolResult result) {
        return result.content().size() > 1
                || result.content().stream()
                        .anyMatch(piece -> piece instanceof Part.Text text
                                && (text.cache() != null
                                        || !text.extra().fields().isEmpty()));
    }

    /** Some providers let nobody but the model speak after a tool. */
    private void answerTools() {
        JsonNode last = messages.isEmpty() ? Json.nothing() : messages.get(messages.size() - 1);
        if (!target.userAfterTool() && last.path("role").asString("").equals("tool")) {
            losses.add(Loss.Code.TURN_INSERTED, "messages");
            messages.addObject().put("role", "assistant").put("content", "The tools have answered.");
        }
    }

    private void placeHoisted() {
        if (hoisted.isEmpty()) {
            return;
        }
        losses.at(hoistedFrom);
        answerTools();
        messages.addObject().put("role", "user").set("content", parts.content(hoisted, "messages"));
        hoisted.clear();
    }
}
