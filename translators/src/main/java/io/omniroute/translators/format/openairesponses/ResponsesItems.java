package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.FileNames;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.RemoteMedia;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolErrors;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the conversation as items: thoughts, texts and calls of a turn apart, and one item for each answer of a tool. */
final class ResponsesItems {

    private final List<Message> messages;
    private final boolean own;
    private final TargetProfile target;
    private final Losses losses;
    private final ArrayNode items = Json.array();
    private final Set<String> customCalls = new HashSet<>();

    /** @param own whether the conversation came in this format */
    ResponsesItems(List<Message> messages, boolean own, TargetProfile target, Losses losses) {
        this.own = own;
        this.messages = messages;
        this.target = target;
        this.losses = losses;
    }

    /** @param apart whether leading instructions may stand apart from the conversation */
    void write(ObjectNode body, boolean apart) {
        int from = 0;
        if (apart && messages.size() > 1 && isPlainInstruction(messages.getFirst())) {
            body.put("instructions", ((Part.Text) messages.getFirst().parts().getFirst()).text());
            from = 1;
        }
        messages.subList(from, messages.size()).forEach(this::turn);
        withoutLastThought();
        losses.behindTurns();
        body.set("input", items);
    }

    private static boolean isPlainInstruction(Message message) {
        return message.role().isInstruction()
                && message.parts().size() == 1
                && message.parts().getFirst() instanceof Part.Text text
                && text.cache() == null
                && text.extra().of(ResponsesFormat.ID).isEmpty();
    }

    /** A thought is of the item that follows it: one without is refused, and would be with every request from there on. */
    private void withoutLastThought() {
        while (!own
                && !items.isEmpty()
                && items.get(items.size() - 1).path("type").asString("").equals("reasoning")) {
            items.remove(items.size() - 1);
            losses.add(Loss.Code.REASONING_STRIPPED, "messages");
        }
    }

    private void turn(Message message) {
        if (message.role() != Role.ASSISTANT) {
            withoutLastThought();
        }
        losses.at(message);
        if (message.name() != null) {
            losses.add(Loss.Code.NAME_DROPPED, "messages.name");
        }
        switch (message.role()) {
            case ASSISTANT -> assistant(message);
            case TOOL -> message.parts().forEach(this::result);
            case USER -> plain("user", message);
            case SYSTEM -> plain("system", message);
            case DEVELOPER -> plain("developer", message);
        }
    }

    private void plain(String role, Message message) {
        ArrayNode content =
                items.addObject().put("type", "message").put("role", role).putArray("content");
        message.parts().forEach(part -> part(part, content));
        if (content.isEmpty()) {
            content.addObject().put("type", "input_text").put("text", "");
        }
    }

    private void assistant(Message message) {
        int from = items.size();
        @Nullable ArrayNode content = null;
        @Nullable JsonNode phase = null;
        for (Part part : message.parts()) {
            switch (part) {
                case Part.Text text -> {
                    JsonNode said = text.extra().of(ResponsesFormat.ID).get(ResponsesRequestReader.PHASE);
                    boolean same = Objects.equals(said, phase);
                    content = output(same ? content : null, "output_text", "text", text.text());
                    phase = said;
                    if (said != null) {
                        ((ObjectNode) items.get(items.size() - 1)).set(ResponsesRequestReader.PHASE, said);
                    }
                }
                case Part.Refusal refusal -> content = output(content, "refusal", "refusal", refusal.text());
                case Part.Thought thought -> {
                    content = null;
                    thought(thought);
                }
                case Part.ToolCall call -> {
                    content = null;
                    call(call);
                }
                case Part.Native raw
                when raw.format().equals(ResponsesFormat.ID) -> {
                    content = null;
                    items.add(raw.raw());
                }
                case Part.Image image
                when image.extra().of(ResponsesFormat.ID).containsKey(ResponsesRequestReader.DRAWN) -> {
                    content = null;
                    items.add(image.extra().of(ResponsesFormat.ID).get(ResponsesRequestReader.DRAWN));
                }
                default -> losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
            }
        }
        for (int i = from; i < items.size(); i++) {
            simplify(items.get(i));
        }
    }

    /** What is only one text is said as one, which needs no id: not all servers take a list of what was answered without. */
    private void simplify(JsonNode item) {
        if (!own
                && item instanceof ObjectNode message
                && message.path("role").asString("").equals("assistant")
                && message.get("content") instanceof ArrayNode content
                && content.size() == 1
                && content.get(0).path("type").asString("").equals("output_text")) {
            message.set("content", content.get(0).get("text"));
        }
    }

    private ArrayNode output(@Nullable ArrayNode open, String type, String field, String text) {
        ArrayNode content = open == null
                ? items.addObject()
                        .put("type", "message")
                        .put("role", "assistant")
                        .putArray("content")
                : open;
        ObjectNode part = content.addObject().put("type", type).put(field, text);
        if (type.equals("output_text")) {
            part.putArray("annotations");
        }
        return content;
    }

    private void thought(Part.Thought thought) {
        Opaque opaque = thought.opaque();
        boolean own = opaque != null && opaque.family().equals(ResponsesFormat.ID) && opaque.mayBeOf(target.provider());
        if (!own
                && target.reasoningEcho() == TargetProfile.Echo.REQUIRED
                && !thought.text().isEmpty()) {
            String id = IdRule.derived(items.size() + " " + thought.text(), "rs_", 32);
            ObjectNode plain = items.addObject().put("type", "reasoning").put("id", id);
            plain.putArray("summary");
            plain.putArray("content").addObject().put("type", "reasoning_text").put("text", thought.text());
            return;
        }
        if (opaque == null || !own || opaque.kind() != Opaque.Kind.ENCRYPTED) {
            losses.add(Loss.Code.REASONING_STRIPPED, "messages");
            return;
        }
        ObjectNode item = items.addObject().put("type", "reasoning");
        if (opaque.id() != null) {
            item.put("id", opaque.id());
        }
        ArrayNode summary = item.putArray("summary");
        if (!thought.text().isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", thought.text());
        }
        item.put("encrypted_content", opaque.payload());
    }

    private void call(Part.ToolCall call) {
        if (call.custom()) {
            customCalls.add(call.id());
        }
        ObjectNode item = items.addObject()
                .put("type", call.custom() ? "custom_tool_call" : "function_call")
                .put("call_id", target.ids().apply(call.id()));
        Namespaces.put(item, call.name(), ToolNames.told(own, false));
        call.extra().of(ResponsesFormat.ID).forEach(item::set);
        if (call.custom()) {
            item.put("input", call.arguments());
        } else {
            item.put("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
        }
    }

    private void result(Part part) {
        if (!(part instanceof Part.ToolResult result)) {
            throw new IllegalStateException("a tool's turn has answers only");
        }
        ObjectNode item = items.addObject()
                .put(
                        "type",
                        result.custom() || customCalls.contains(result.callId())
                                ? "custom_tool_call_output"
                                : "function_call_output")
                .put("call_id", target.ids().apply(result.callId()));
        result.extra().of(ResponsesFormat.ID).forEach(item::set);
        boolean onlyText = result.content().stream().allMatch(Part.Text.class::isInstance)
                && !(own && result.content().size() > 1)
                && result.content().stream().noneMatch(this::isMarked);
        if (result.error()) {
            losses.add(Loss.Code.ERROR_MARKED, "messages.is_error");
        }
        if (onlyText) {
            StringBuilder text = new StringBuilder(result.error() ? ToolErrors.MARK : "");
            boolean first = true;
            for (Part piece : result.content()) {
                text.append(first ? "" : "\n").append(((Part.Text) piece).text());
                first = false;
            }
            item.put("output", text.toString());
            return;
        }
        ArrayNode output = item.putArray("output");
        if (result.error()) {
            output.addObject().put("type", "input_text").put("text", ToolErrors.MARK);
        }
        result.content().forEach(piece -> part(piece, output));
    }

    /** Whether a text of this format is more than its words. */
    private boolean isMarked(Part part) {
        return own
                && part instanceof Part.Text text
                && (text.cache() != null || !text.extra().of(ResponsesFormat.ID).isEmpty());
    }

    private void mark(@Nullable CacheMark cache, ObjectNode part) {
        if (own) {
            CacheMarks.write(cache, part);
        } else {
            CacheMarks.write(cache, part, target, losses);
        }
    }

    private void part(Part part, ArrayNode content) {
        switch (part) {
            case Part.Text text -> {
                ObjectNode written =
                        content.addObject().put("type", "input_text").put("text", text.text());
                mark(text.cache(), written);
                text.extra().of(ResponsesFormat.ID).forEach(written::set);
            }
            case Part.Refusal refusal ->
                content.addObject().put("type", "input_text").put("text", refusal.text());
            case Part.Image image -> {
                ObjectNode written = content.addObject().put("type", "input_image");
                switch (image.media()) {
                    case Media.Inline inline -> written.put("image_url", DataUrl.of(inline));
                    case Media.Remote remote ->
                        written.put("image_url", RemoteMedia.address(remote, target, own, losses.where("messages")));
                    case Media.Stored stored -> written.put("file_id", own(stored));
                }
                written.put("detail", image.detail() == null ? "auto" : image.detail());
                mark(image.cache(), written);
                image.extra().of(ResponsesFormat.ID).forEach(written::set);
            }
            case Part.Document document -> document(document, content);
            case Part.Native raw when raw.format().equals(ResponsesFormat.ID) -> content.add(raw.raw());
            case Part.Native raw ->
                throw losses.unsupported(
                        "messages",
                        "this provider has no \"" + raw.raw().path("type").asString("") + "\"");
            case Part.Audio audio -> throw losses.unsupported("messages", "this provider takes no audio");
            case Part.Video video -> throw losses.unsupported("messages", "this provider takes no video");
            case Part.Thought thought -> losses.add(Loss.Code.REASONING_STRIPPED, "messages");
            case Part.ToolCall call -> throw losses.unsupported("messages", "only the model calls tools");
            case Part.ToolResult result ->
                throw losses.unsupported("messages", "a tool's answer needs a turn of its own");
        }
    }

    private void document(Part.Document document, ArrayNode content) {
        if (!own
                && document.media() instanceof Media.Inline inline
                && inline.mime().equals("text/plain")) {
            FileNames.lost(document, losses);
            mark(document.cache(), content.addObject().put("type", "input_text").put("text", DataUrl.textOf(inline)));
            return;
        }
        ObjectNode written = content.addObject().put("type", "input_file");
        mark(document.cache(), written);
        document.extra().of(ResponsesFormat.ID).forEach(written::set);
        if (document.media() instanceof Media.Inline && (document.title() != null || !own)) {
            written.put("filename", own ? document.title() : FileNames.of(document));
        }
        switch (document.media()) {
            case Media.Inline inline -> written.put("file_data", DataUrl.of(inline));
            case Media.Remote remote ->
                written.put("file_url", RemoteMedia.address(remote, target, own, losses.where("messages")));
            case Media.Stored stored -> written.put("file_id", own(stored));
        }
    }

    private String own(Media.Stored stored) {
        if (!stored.family().equals(ResponsesFormat.FAMILY)) {
            throw losses.unsupported("messages", "a file that another provider keeps cannot be read here");
        }
        return stored.id();
    }
}
