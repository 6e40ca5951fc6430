package io.omniroute.translators.format;

import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.util.function.Consumer;

/** Turns a format's stream into canonical events. Fresh for every attempt; not thread-safe. */
public interface StreamDecoder {

    /**
     * Reads one event. A failure that the provider reports becomes a {@link StreamEvent.Failure}; what cannot be read
     * becomes one too.
     */
    void decode(SseEvent event, Consumer<StreamEvent> sink);

    /** Whether what was read so far is a complete answer by the rules of the format. */
    boolean complete();

    /** Whether the last event that was read is there only because the gateway asked for usage. */
    boolean lastWasUsageOnly();
}
