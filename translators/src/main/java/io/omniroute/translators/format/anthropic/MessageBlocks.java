package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the content blocks of one message, streamed or whole, into parts. Work that the provider did itself (searches, code) is
 * no part of the answer's own.
 */
final class MessageBlocks {

    private final Consumer<StreamEvent> sink;
    private final Map<Integer, Integer> parts = new HashMap<>();
    private int next;

    MessageBlocks(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    /** Blocks that are complete. */
    void whole(JsonNode content) {
        int index = 0;
        for (JsonNode block : content) {
            start(index, block);
            stop(index++);
        }
    }

    /** A block begins, with what it has at its beginning. */
    void start(int index, JsonNode block) {
        @Nullable PartKind kind = kind(block.path("type").asString(""));
        if (kind == null) {
            sink.accept(new StreamEvent.OwnWork());
            return;
        }
        int part = next++;
        parts.put(index, part);
        boolean call = kind == PartKind.TOOL_CALL;
        sink.accept(new StreamEvent.PartStart(
                0,
                part,
                kind,
                call ? block.path("id").asString("") : null,
                call ? block.path("name").asString("") : null));
        switch (kind) {
            case TEXT -> {
                text(part, block.path("text").asString(""));
                block.path("citations").forEach(citation -> source(part, citation));
            }
            case REASONING -> {
                text(part, block.path("thinking").asString(""));
                signature(part, block.path("signature").asString(""));
            }
            case REDACTED_REASONING ->
                sink.accept(new StreamEvent.PartSeal(
                        part,
                        new Opaque(
                                AnthropicFormat.ID,
                                Opaque.Kind.REDACTED,
                                null,
                                block.path("data").asString(""))));
            case TOOL_CALL -> {
                JsonNode input = block.path("input");
                if (input.isObject() && !input.isEmpty()) {
                    text(part, Json.text(input));
                }
            }
            case REFUSAL, AUDIO, IMAGE -> {
                // Anthropic has no such blocks
            }
        }
    }

    /** A block grows; gives back by what, where it is a text that grows. */
    StreamEvent.@Nullable PartDelta delta(int index, JsonNode delta) {
        Integer part = parts.get(index);
        if (part == null) {
            return null;
        }
        return switch (delta.path("type").asString("")) {
            case "text_delta" -> text(part, delta.path("text").asString(""));
            case "thinking_delta" -> text(part, delta.path("thinking").asString(""));
            case "input_json_delta" -> text(part, delta.path("partial_json").asString(""));
            case "signature_delta" -> {
                signature(part, delta.path("signature").asString(""));
                yield null;
            }
            case "citations_delta" -> {
                source(part, delta.path("citation"));
                yield null;
            }
            // unknown kinds of growth are no content
            default -> null;
        };
    }

    /** A block is complete. */
    void stop(int index) {
        Integer part = parts.remove(index);
        if (part != null) {
            sink.accept(new StreamEvent.PartEnd(part));
        }
    }

    /** The message has ended: a block that was cut off ends with it. */
    void stopAll() {
        for (Integer index : List.copyOf(parts.keySet())) {
            stop(index);
        }
    }

    /** Whether any part has begun. */
    boolean hasBegun() {
        return next > 0;
    }

    private StreamEvent.@Nullable PartDelta text(int part, String text) {
        if (text.isEmpty()) {
            return null;
        }
        StreamEvent.PartDelta delta = new StreamEvent.PartDelta(part, text);
        sink.accept(delta);
        return delta;
    }

    private void signature(int part, String signature) {
        if (!signature.isEmpty()) {
            sink.accept(new StreamEvent.PartSeal(
                    part, new Opaque(AnthropicFormat.ID, Opaque.Kind.SIGNATURE, null, signature)));
        }
    }

    private void source(int part, JsonNode citation) {
        String url = citation.path("url").asString(citation.path("source").asString(""));
        String title =
                citation.path("title").asString(citation.path("document_title").asString(""));
        String quoted = citation.path("cited_text").asString("");
        Annotation source = Annotation.ofPart(url, title, quoted);
        if (source.isKnown()) {
            sink.accept(new StreamEvent.PartSource(part, source));
        }
    }

    private static @Nullable PartKind kind(String type) {
        return switch (type) {
            case "text" -> PartKind.TEXT;
            case "thinking" -> PartKind.REASONING;
            case "redacted_thinking" -> PartKind.REDACTED_REASONING;
            case "tool_use" -> PartKind.TOOL_CALL;
            default -> null;
        };
    }
}
