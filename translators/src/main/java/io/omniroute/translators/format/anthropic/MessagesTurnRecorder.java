package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.TurnRecorder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the blocks of a message together again, those of the provider's own tools too. What grows in many steps and is read by the
 * answer's decoder anyway is not read twice.
 */
final class MessagesTurnRecorder implements TurnRecorder {

    /** Blocks whose growth the decoder tells. */
    private static final Set<String> DECODED = Set.of("text", "thinking", "tool_use");

    private static final List<String> STEPS = List.of("\"text_delta\"", "\"thinking_delta\"", "\"input_json_delta\"");

    /** The type of a step stands at its beginning, or nearly. */
    private static final int LOOKED_AT = 160;

    private static final class Growing {
        private final ObjectNode block;
        private final String type;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder input = new StringBuilder();
        private String field = "";

        Growing(ObjectNode block) {
            this.block = block;
            this.type = block.path("type").asString("");
        }
    }

    private final ArrayNode content = Json.array();
    private final Map<Integer, Growing> growing = new HashMap<>();
    private final List<byte[]> whole = new ArrayList<>(1);
    private @Nullable Growing open;
    private boolean toldByDecoder;

    @Override
    public void hear(SseEvent event) {
        toldByDecoder = false;
        if (!event.hasData() || event.isDone()) {
            return;
        }
        if (open != null && DECODED.contains(open.type) && isStep(event)) {
            toldByDecoder = true;
            return;
        }
        try {
            read(Json.read(event.data(), event.dataStart(), event.dataEnd() - event.dataStart()));
        } catch (JacksonException malformed) {
            // the answer's decoder says so
        }
    }

    @Override
    public void hear(StreamEvent event) {
        Growing block = open;
        if (toldByDecoder && block != null && event instanceof StreamEvent.PartDelta delta) {
            if (block.type.equals("tool_use")) {
                block.input.append(delta.text());
            } else {
                block.field = block.type;
                block.text.append(delta.text());
            }
        }
    }

    private static boolean isStep(SseEvent event) {
        if (!"content_block_delta".equals(event.name())) {
            return false;
        }
        int looked = Math.min(event.dataEnd() - event.dataStart(), LOOKED_AT);
        String beginning = new String(event.data(), event.dataStart(), looked, StandardCharsets.ISO_8859_1);
        for (String step : STEPS) {
            if (beginning.contains(step)) {
                return true;
            }
        }
        return false;
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
        ArrayNode messages = body.withArray("messages");
        messages.addObject().put("role", "assistant").set("content", content.deepCopy());
        MessagesTurns.trimPrefill(messages);
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
            case "message_start" -> data.path("message").path("content").forEach(content::add);
            case "content_block_start" -> {
                if (data.path("content_block") instanceof ObjectNode block) {
                    open = new Growing(block);
                    growing.put(index, open);
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
                open = null;
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
