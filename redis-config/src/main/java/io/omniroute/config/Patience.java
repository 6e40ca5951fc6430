package io.omniroute.config;

import java.time.Duration;

/**
 * What a combo does when none of its targets has answered, before it says so.
 *
 * @param retries how often all of them are tried again
 * @param retryDelay how long it waits before that
 * @param waitForCooldown how long a call waits at most, in all, for a target that rests
 */
public record Patience(int retries, Duration retryDelay, Duration waitForCooldown) {

    /** Says so at once. */
    public static final Patience NONE = new Patience(0, Duration.ZERO, Duration.ZERO);
}
