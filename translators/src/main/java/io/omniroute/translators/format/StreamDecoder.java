package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.util.function.Consumer;

/** Turns a format's stream into canonical events. Fresh for every attempt; not thread-safe. */
public interface StreamDecoder {

    /** The code of an event that cannot be read. */
    String UNREADABLE = "upstream_malformed_event";

    /** What an event becomes that is not JSON. */
    static StreamEvent unreadable() {
        return new StreamEvent.Failure(ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        ErrorScope.MODEL,
                        "the provider sent a stream event that is not valid JSON")
                .withCode(UNREADABLE));
    }

    /**
     * Reads one event. A failure that the provider reports becomes a {@link StreamEvent.Failure}; what cannot be read
     * becomes one too.
     */
    void decode(SseEvent event, Consumer<StreamEvent> sink);

    /**
     * The stream has come to an orderly end, with or without a terminator: tells how the answer ended, if it is complete and that was
     * not told yet. The reason may stand before the last content, so it is not known before.
     */
    default void end(Consumer<StreamEvent> sink) {
        // most formats say themselves when nothing more comes
    }

    /** Whether the model has begun to think where nothing of it is shown, so that it is at work although no event says anything. */
    default boolean thinks() {
        return false;
    }

    /** Whether what was read so far is a complete answer by the rules of the format. */
    boolean complete();

    /** Whether the last event that was read is there only because the gateway asked for usage. */
    boolean lastWasUsageOnly();
}
