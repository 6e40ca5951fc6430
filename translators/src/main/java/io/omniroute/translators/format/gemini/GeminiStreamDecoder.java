package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** Reads the events of a stream. It has no terminator: it is complete when every candidate has ended. */
final class GeminiStreamDecoder implements StreamDecoder {

    private Consumer<StreamEvent> sink = event -> {};
    private final GeminiParts parts;

    /** @param searches whether the provider may search for what it says */
    GeminiStreamDecoder(boolean searches) {
        parts = new GeminiParts(searches, event -> sink.accept(event));
    }

    @Override
    public void decode(SseEvent event, Consumer<StreamEvent> to) {
        if (!event.hasData() || event.isDone()) {
            return;
        }
        sink = to;
        try {
            parts.read(Json.read(event.data(), event.dataStart(), event.dataEnd() - event.dataStart()));
        } catch (JacksonException malformed) {
            if (!complete()) {
                to.accept(StreamDecoder.unreadable());
            }
        }
    }

    @Override
    public void end(Consumer<StreamEvent> to) {
        sink = to;
        parts.close();
    }

    @Override
    public boolean complete() {
        return parts.isComplete();
    }

    @Override
    public boolean lastWasUsageOnly() {
        return false;
    }
}
