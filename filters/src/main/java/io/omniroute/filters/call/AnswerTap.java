package io.omniroute.filters.call;

import io.omniroute.translators.model.StreamEvent;

/**
 * Listens to a call's answer, whole or streamed, as canonical events. A stage registers one on the {@code Call} on its way
 * down. Called on the thread that reads from the provider, so it must not block.
 */
@FunctionalInterface
public interface AnswerTap {

    /** The answer's next event; events of attempts that failed before their first content are not heard. */
    void hear(StreamEvent event);

    /** How the answer ended; called once, also when the client left. */
    default void ended(Outcome outcome) {}
}
