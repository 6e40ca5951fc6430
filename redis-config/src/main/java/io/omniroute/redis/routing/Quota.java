package io.omniroute.redis.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is left of a limit that a provider gives an account for a time.
 *
 * @param window the limit's name: {@code 5h}, {@code 7d}, {@code requests}, {@code tokens}
 * @param remaining the share that is left, from 0 to 1
 * @param resets when all of it is there again, in whole milliseconds
 * @param length how long it lasts
 */
public record Quota(String window, double remaining, Instant resets, Duration length) {

    public Quota {
        resets = resets.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The share that is left at a time: all of it, once it was reset. */
    public double remainingAt(Instant now) {
        return resets.isAfter(now) ? remaining : 1;
    }

    /** How much of its time is over, from 0 to 1. */
    public double elapsedAt(Instant now) {
        double left = (double) Duration.between(now, resets).toMillis() / Math.max(1, length.toMillis());
        return Math.clamp(1 - left, 0, 1);
    }
}
