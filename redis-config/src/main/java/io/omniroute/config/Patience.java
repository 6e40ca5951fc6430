package io.omniroute.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What a combo does when its targets are slow, or when none of them has answered.
 *
 * @param retries how often all of them are tried again
 * @param retryDelay how long it waits before that
 * @param waitForCooldown how long a call waits at most, in all, for a target that rests
 * @param hedgeAfter how long a target may be silent before another runs beside it; empty for as long as it wants
 * @param continuations how often another target goes on with an answer that was cut off
 */
public record Patience(
        int retries, Duration retryDelay, Duration waitForCooldown, Optional<Duration> hedgeAfter, int continuations) {

    /** Says so at once. */
    public static final Patience NONE = new Patience(0, Duration.ZERO, Duration.ZERO, Optional.empty(), 0);
}
