package io.omniroute.translators.format;

import io.omniroute.translators.model.StreamEvent;

/**
 * Remembers what a provider has answered so far, as it wrote it, because a provider that pauses its own work goes on only if it
 * gets exactly that back. One per attempt; not thread-safe.
 */
public interface TurnRecorder extends AnswerListener {

    /** Hears what was read of the event that it has heard last. */
    void hear(StreamEvent event);

    /** The request with all that was answered to it as the turn to go on with. */
    byte[] continued(byte[] request);
}
