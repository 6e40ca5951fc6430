package io.omniroute.filters.upstream;

import io.omniroute.config.Target;
import io.omniroute.translators.model.StreamEvent;
import reactor.core.publisher.Flux;

/** Who goes on with an answer that is cut off after it has begun. One per call; called by one thread at a time. */
public interface Continuations {

    /**
     * Whether there is somebody left to ask.
     *
     * @param cutOff whose answer was cut off
     */
    boolean areLeft(Target cutOff);

    /**
     * Asks the next one.
     *
     * @param said the text so far
     * @param cutOff whose answer was cut off
     * @return the events of a complete answer, in the client's format; fails if it is cut off too, or there is none
     */
    Flux<StreamEvent> next(String said, Target cutOff);
}
