package io.omniroute.redis.cooldown;

import java.time.Duration;

/**
 * How long something rests where nobody says how long: the base time for the first rests, and twice as long after every further failure
 * that follows one.
 *
 * @param base the first time
 * @param most the longest time
 * @param even how many rests in a row have the base time, at least one
 */
public record Backoff(Duration base, Duration most, int even) {

    private static final int MOST_DOUBLINGS = 30;

    /** Doubles from the second rest on. */
    public Backoff(Duration base, Duration most) {
        this(base, most, 1);
    }

    /**
     * The time of the next rest.
     *
     * @param before how many rests there were in a row
     */
    public Duration after(int before) {
        int doublings = Math.clamp(before - even + 1, 0, MOST_DOUBLINGS);
        long millis = base.toMillis() << doublings;
        boolean tooLong = millis >> doublings != base.toMillis() || millis > most.toMillis();
        return tooLong ? most : Duration.ofMillis(millis);
    }
}
