package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.Instructions;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation: the leading instructions as {@code system}, the rest as turns of user and assistant in alternation,
 * answers of tools first in their turn, and no block without text.
 */
final class MessagesTurns {

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final MessagesMedia media;
    private final UnaryOperator<String> names;
    private final List<ObjectNode> marked = new ArrayList<>();
    private final boolean own;
    private boolean assistant;

    MessagesTurns(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.own = request.extra().format().equals(AnthropicFormat.ID);
        this.media = new MessagesMedia(own, target, losses);
        this.names = ToolNames.told(own, false);
    }

    void write(ObjectNode body) {
        ArrayNode system = Json.array();
        ArrayNode messages = Json.array();
        boolean leading = true;
        for (Message message : request.messages()) {
            leading = leading && message.role().isInstruction();
            losses.at(message);
            if (leading) {
                message.parts().forEach(part -> leading(part, system));
            } else {
                turn(message, messages);
            }
            if (message.name() != null) {
                losses.add(Loss.Code.NAME_DROPPED, "messages.name");
            }
        }
        withoutLastThought(messages);
        losses.behindTurns();
        if (messages.isEmpty() && !system.isEmpty()) {
            // somebody must have said something
            messages.addObject().put("role", "user").putArray("content").add(system.remove(system.size() - 1));
        }
        if (!messages.isEmpty() && messages.get(0).path("role").asString("").equals("assistant")) {
            ObjectNode first = messages.insertObject(0).put("role", "user");
            first.putArray("content").addObject().put("type", "text").put("text", "(the conversation goes on)");
        }
        if (!system.isEmpty()) {
            body.set("system", simple(system));
        }
        TurnOrder.placeInstructions(messages, losses);
        boolean schema = !own && StrictTools.isFollowed(request, target);
        // the user's last turn may have had nothing in it
        boolean asked = !own
                && !request.messages().isEmpty()
                && request.messages().getLast().role() == Role.USER;
        if ((schema || asked || target.unsupported().contains("prefill")) && TurnOrder.isLast(messages, "assistant")) {
            losses.add(Loss.Code.TURN_INSERTED, "messages");
            TurnOrder.add(
                    messages,
                    "user",
                    Json.array().add(Json.object().put("type", "text").put("text", "(please go on)")));
        }
        trimPrefill(messages);
        for (JsonNode message : messages) {
            resultsFirst((ObjectNode) message);
        }
        body.set("messages", messages);
    }

    /** What says that the prompt may be cached up to it, in its order. */
    List<ObjectNode> marked() {
        return marked;
    }

    /** What the model goes on with must not end with white space. */
    static void trimPrefill(ArrayNode messages) {
        JsonNode last = messages.isEmpty() ? Json.nothing() : messages.get(messages.size() - 1);
        if (!last.path("role").asString("").equals("assistant")
                || !(last.get("content") instanceof ArrayNode content)
                || content.isEmpty()
                || !(content.get(content.size() - 1) instanceof ObjectNode block)
                || !block.path("type").asString("").equals("text")) {
            return;
        }
        String text = block.path("text").asString("");
        if (text.isBlank() && content.size() > 1) {
            content.remove(content.size() - 1);
        } else if (!text.stripTrailing().equals(text)) {
            block.put("text", text.stripTrailing());
        }
    }

    /** Adds an instruction of the gateway's own behind the client's. */
    static void instruct(ObjectNode body, String instruction) {
        JsonNode system = body.get("system");
        ArrayNode blocks = system instanceof ArrayNode array ? array : Json.array();
        if (system != null && system.isString()) {
            blocks.addObject().put("type", "text").put("text", system.stringValue());
        }
        blocks.addObject().put("type", "text").put("text", instruction);
        body.set("system", blocks);
    }

    /** Instructions are texts there. */
    private void leading(Part part, ArrayNode system) {
        if (part instanceof Part.Text || own) {
            block(part, system, "system");
        } else {
            losses.add(Loss.Code.FIELD_DROPPED, "system");
        }
    }

    /** A thought is of what follows it: one that nothing follows is refused, and would be with every request from there on. */
    private void withoutLastThought(ArrayNode messages) {
        if (own || !TurnOrder.isLast(messages, "assistant")) {
            return;
        }
        ArrayNode content = (ArrayNode) messages.get(messages.size() - 1).get("content");
        while (!content.isEmpty()
                && content.get(content.size() - 1).path("type").asString("").endsWith("thinking")) {
            content.remove(content.size() - 1);
            losses.add(Loss.Code.REASONING_STRIPPED, "messages");
        }
        if (content.isEmpty()) {
            messages.remove(messages.size() - 1);
        }
    }

    private void turn(Message message, ArrayNode messages) {
        if (message.role() != Role.ASSISTANT) {
            withoutLastThought(messages);
        }
        assistant = message.role() == Role.ASSISTANT;
        String role = message.role() == Role.ASSISTANT ? "assistant" : "user";
        ArrayNode content = Json.array();
        if (message.role().isInstruction()) {
            if (target.midSystem()) {
                role = TurnOrder.SYSTEM;
                message.parts().forEach(part -> block(part, content, "messages"));
            } else {
                losses.add(Loss.Code.SYSTEM_MOVED, "messages");
                instruction(message, content);
            }
        } else {
            message.parts().forEach(part -> block(part, content, "messages"));
        }
        TurnOrder.add(messages, role, content);
    }

    private void instruction(Message message, ArrayNode content) {
        String text = Instructions.text(message.parts(), losses);
        if (text.isEmpty()) {
            return;
        }
        ObjectNode block = content.addObject().put("type", "text").put("text", Instructions.inTurn(text));
        message.parts().stream()
                .flatMap(part -> part instanceof Part.Text words && words.cache() != null
                        ? Stream.of(words.cache())
                        : Stream.empty())
                .reduce((first, last) -> last)
                .ifPresent(cache -> mark(cache, block));
    }

    private static void resultsFirst(ObjectNode message) {
        if (!(message.get("content") instanceof ArrayNode content) || !hasResult(content)) {
            if (message.get("content") instanceof ArrayNode blocks) {
                message.set("content", simple(blocks));
            }
            return;
        }
        ArrayNode results = Json.array();
        ArrayNode others = Json.array();
        for (JsonNode block : content) {
            (block.path("type").asString("").equals("tool_result") ? results : others).add(block);
        }
        if (!others.isEmpty()) {
            message.set("content", results.addAll(others));
        }
    }

    private static boolean hasResult(ArrayNode content) {
        for (JsonNode block : content) {
            if (block.path("type").asString("").equals("tool_result")) {
                return true;
            }
        }
        return false;
    }

    /** One plain text is written as a string, as people do. */
    private static JsonNode simple(ArrayNode blocks) {
        boolean plain = blocks.size() == 1
                && blocks.get(0).path("type").asString("").equals("text")
                && blocks.get(0).size() == 2;
        return plain ? blocks.get(0).get("text") : blocks;
    }

    /** What stands for the beginning of a conversation, as its vendor wrote it; a text for everybody else. */
    static final String COMPACTION = "compaction";

    private void block(Part part, ArrayNode content, String path) {
        switch (part) {
            case Part.Text text -> text(text, content);
            case Part.Refusal refusal -> {
                if (!refusal.text().isBlank()) {
                    content.addObject().put("type", "text").put("text", refusal.text());
                }
            }
            case Part.Image image when assistant -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
            case Part.Image image -> {
                ObjectNode block = content.addObject().put("type", "image");
                block.set("source", media.picture(image.media(), path));
                mark(image.cache(), block);
                image.extra().of(AnthropicFormat.ID).forEach(block::set);
                if (image.detail() != null && !image.detail().equals("auto")) {
                    losses.add(Loss.Code.DETAIL_DROPPED, path + ".detail");
                }
            }
            case Part.Document document -> document(document, content, path);
            case Part.Thought thought -> thought(thought, content);
            case Part.ToolCall call -> {
                ObjectNode arguments = CustomTools.arguments(call);
                if (!call.custom() && Arguments.isWrapped(arguments, call.arguments())) {
                    losses.add(Loss.Code.ARGUMENTS_WRAPPED, path + ".tool_calls");
                }
                ObjectNode block = content.addObject()
                        .put("type", "tool_use")
                        .put("id", target.ids().apply(call.id()))
                        .put("name", names.apply(call.name()));
                block.set("input", arguments);
                mark(call.cache(), block);
                call.extra().of(AnthropicFormat.ID).forEach(block::set);
            }
            case Part.ToolResult result -> result(result, content, path);
            case Part.Audio audio -> throw losses.unsupported(path, "this provider takes no audio");
            case Part.Video video -> throw losses.unsupported(path, "this provider takes no video");
            case Part.Native raw when raw.format().equals(AnthropicFormat.ID) -> content.add(raw.raw());
            case Part.Native raw when assistant -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
            case Part.Native raw ->
                throw losses.unsupported(
                        path, "this provider has no \"" + raw.raw().path("type").asString("") + "\"");
        }
    }

    private void text(Part.Text text, ArrayNode content) {
        Map<String, JsonNode> fields = text.extra().of(AnthropicFormat.ID);
        JsonNode compaction = fields.get(COMPACTION);
        JsonNode whole = compaction == null ? brought(text) : compaction;
        if (whole != null) {
            content.add(whole);
        } else if (!text.text().isBlank()) {
            ObjectNode block = content.addObject().put("type", "text").put("text", text.text());
            mark(text.cache(), block);
            fields.forEach(block::set);
            block.remove(List.of(SearchResults.TYPE, DocumentBlocks.TYPE));
        }
    }

    private static @Nullable JsonNode brought(Part.Text text) {
        JsonNode found = SearchResults.of(text);
        return found == null ? DocumentBlocks.of(text) : found;
    }

    private void document(Part.Document document, ArrayNode content, String path) {
        ObjectNode block = content.addObject().put("type", "document");
        if (document.media() instanceof Media.Inline inline && DataUrl.isText(inline)) {
            block.putObject("source")
                    .put("type", "text")
                    .put("media_type", "text/plain")
                    .put("data", DataUrl.textOf(inline));
        } else {
            block.set("source", media.document(document.media(), path));
        }
        if (document.title() != null) {
            block.put("title", document.title());
        }
        mark(document.cache(), block);
        document.extra().of(AnthropicFormat.ID).forEach(block::set);
    }

    private void thought(Part.Thought thought, ArrayNode content) {
        var opaque = thought.opaque();
        boolean own = opaque != null && opaque.family().equals(AnthropicFormat.ID);
        if (!own
                && target.reasoningEcho() == TargetProfile.Echo.REQUIRED
                && !thought.text().isEmpty()) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", thought.text())
                    .put("signature", "");
            return;
        }
        if (opaque == null || !own) {
            losses.add(Loss.Code.REASONING_STRIPPED, "messages");
            return;
        }
        switch (opaque.kind()) {
            case REDACTED ->
                content.addObject().put("type", "redacted_thinking").put("data", opaque.payload());
            case SIGNATURE ->
                content.addObject()
                        .put("type", "thinking")
                        .put("thinking", thought.text())
                        .put("signature", opaque.payload());
            case ENCRYPTED, PLAIN, TEXT_SIGNATURE -> losses.add(Loss.Code.REASONING_STRIPPED, "messages");
        }
    }

    private void result(Part.ToolResult result, ArrayNode content, String path) {
        ObjectNode block = content.addObject()
                .put("type", "tool_result")
                .put("tool_use_id", target.ids().apply(result.callId()));
        ArrayNode parts = Json.array();
        result.content().forEach(part -> block(part, parts, path));
        if (!parts.isEmpty()) {
            block.set("content", simple(parts));
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        mark(result.cache(), block);
        result.extra().of(AnthropicFormat.ID).forEach(block::set);
    }

    private void mark(@Nullable CacheMark cache, ObjectNode block) {
        if (cache != null) {
            MessagesRequestWriter.mark(cache, block);
            marked.add(block);
        }
    }
}
