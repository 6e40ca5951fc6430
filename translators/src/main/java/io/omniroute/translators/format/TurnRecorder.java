package io.omniroute.translators.format;

import io.omniroute.translators.sse.SseEvent;

/**
 * Remembers what a provider has answered so far, as it wrote it, because a provider that pauses its own work goes on only if it
 * gets exactly that back. One per attempt; not thread-safe.
 */
public interface TurnRecorder {

    /** Hears an event of a stream. */
    void hear(SseEvent event);

    /** Hears a whole answer. */
    void hear(byte[] answer);

    /** The request with all that was answered to it as the turn to go on with. */
    byte[] continued(byte[] request);
}
