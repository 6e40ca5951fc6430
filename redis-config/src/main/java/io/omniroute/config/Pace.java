package io.omniroute.config;

import java.time.Duration;

/**
 * How fast an account may be called, over all instances. An account without a pace is called as it comes.
 *
 * @param rpm calls a minute; 0 for any number
 * @param gap the shortest time between the beginnings of two calls
 * @param concurrent calls at a time; 0 for any number
 * @param queue how many calls of an instance may wait for it, where there is no other target
 * @param queueTime how long each of them waits at most
 */
public record Pace(int rpm, Duration gap, int concurrent, int queue, Duration queueTime) {

    /** As it comes. */
    public static final Pace ANY = new Pace(0, Duration.ZERO, 0, 0, Duration.ZERO);

    private static final double MINUTE = 60_000;
    private static final int FEW = 10;

    /** Whether no call ever has to wait. */
    public boolean isUnlimited() {
        return rpm == 0 && gap.isZero() && concurrent == 0;
    }

    /** How many calls may begin at once after a time of rest; no minute has more than {@link #rpm} even so. */
    public int burst() {
        return Math.max(1, rpm / FEW);
    }

    /** How many milliseconds there are between calls that come evenly; 0 without a limit. */
    public double intervalMillis() {
        if (rpm == 0) {
            return 0;
        }
        return burst() == 1 ? MINUTE / rpm : MINUTE / (rpm - burst());
    }
}
