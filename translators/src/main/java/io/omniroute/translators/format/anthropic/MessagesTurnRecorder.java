package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.TurnRecorder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.sse.SseEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts the blocks of a message together again, those of the provider's own tools too. */
final class MessagesTurnRecorder implements TurnRecorder {

    private static final class Growing {
        private final ObjectNode block;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder input = new StringBuilder();
        private String field = "";

        Growing(ObjectNode block) {
            this.block = block;
        }
    }

    private final ArrayNode content = Json.array();
    private final Map<Integer, Growing> growing = new HashMap<>();
    private final List<byte[]> whole = new ArrayList<>(1);

    @Override
    public void hear(SseEvent event) {
        if (!event.hasData() || event.isDone()) {
            return;
        }
        try {
            read(Json.read(event.data(), event.dataStart(), event.dataEnd() - event.dataStart()));
        } catch (JacksonException malformed) {
            // the answer's decoder says so
        }
    }

    @Override
    public void hear(byte[] answer) {
        // most answers are no pauses, and are not read a second time
        whole.add(answer);
    }

    @Override
    public byte[] continued(byte[] request) {
        whole.forEach(this::read);
        whole.clear();
        ObjectNode body = Json.requestObject(request);
        body.withArray("messages").addObject().put("role", "assistant").set("content", content.deepCopy());
        return Json.bytes(body);
    }

    private void read(byte[] answer) {
        try {
            Json.read(answer, 0, answer.length).path("content").forEach(content::add);
        } catch (JacksonException malformed) {
            // the answer's reader says so
        }
    }

    private void read(JsonNode data) {
        int index = data.path("index").asInt(0);
        switch (data.path("type").asString("")) {
            case "content_block_start" -> {
                if (data.path("content_block") instanceof ObjectNode block) {
                    growing.put(index, new Growing(block));
                }
            }
            case "content_block_delta" -> {
                Growing block = growing.get(index);
                if (block != null) {
                    grow(block, data.path("delta"));
                }
            }
            case "content_block_stop" -> {
                Growing block = growing.remove(index);
                if (block != null) {
                    content.add(whole(block));
                }
            }
            default -> {
                // says nothing of the turn's blocks
            }
        }
    }

    private static void grow(Growing block, JsonNode delta) {
        switch (delta.path("type").asString("")) {
            case "text_delta" -> {
                block.field = "text";
                block.text.append(delta.path("text").asString(""));
            }
            case "thinking_delta" -> {
                block.field = "thinking";
                block.text.append(delta.path("thinking").asString(""));
            }
            case "signature_delta" -> block.block.set("signature", delta.path("signature"));
            case "citations_delta" -> block.block.withArray("citations").add(delta.path("citation"));
            case "input_json_delta" ->
                block.input.append(delta.path("partial_json").asString(""));
            default -> {
                // unknown kinds of growth cannot be put together
            }
        }
    }

    private static ObjectNode whole(Growing block) {
        if (!block.field.isEmpty()) {
            String begun = block.block.path(block.field).asString("");
            block.block.put(block.field, begun + block.text);
        }
        if (!block.input.isEmpty()) {
            block.block.set("input", Json.read(block.input.toString()));
        }
        if (block.block.path("citations").isEmpty()) {
            block.block.remove("citations");
        }
        return block.block;
    }
}
