package io.omniroute.translators.format;

import io.omniroute.translators.sse.SseEvent;

/** Hears what a provider answers, as it wrote it. One per attempt; called by one thread at a time, which must not be blocked. */
public interface AnswerListener {

    /** Hears an event of a stream. */
    void hear(SseEvent event);

    /** Hears a whole answer. */
    void hear(byte[] answer);
}
