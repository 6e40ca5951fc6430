package io.omniroute.redis.routing;

/** How long the slowest of a target's last answers took: a slower one counts at once, a faster one little by little. */
final class PeakLatency {

    private static final double DECAY_NANOS = 10e9;

    /** In nanoseconds. */
    private volatile double peak = -1;

    private volatile long at;

    /** Notes how long an answer took, in nanoseconds. */
    void note(long took, long now) {
        double before = peak;
        double weight = left(now);
        peak = before < 0 || took > before ? took : before * weight + took * (1 - weight);
        at = now;
    }

    /** Whether there was an answer. */
    boolean isKnown() {
        return peak >= 0;
    }

    /** How much of a peak is left that nothing has followed. */
    double left(long now) {
        return Math.exp(-(now - at) / DECAY_NANOS);
    }

    /** What a target takes that takes so long on the average. */
    double over(double average, long now) {
        double known = peak;
        return known <= average ? known : average + (known - average) * left(now);
    }
}
