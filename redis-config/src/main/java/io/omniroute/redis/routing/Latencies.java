package io.omniroute.redis.routing;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How long answers took, counted in steps of a quarter of an octave from a millisecond to nine minutes, so that counts of instances and
 * minutes can be added. Immutable.
 */
public final class Latencies {

    /** Nothing is known. */
    public static final Latencies NONE = new Latencies(new long[0]);

    static final int STEPS = 77;

    private static final double IN_AN_OCTAVE = 4;
    /** With fewer answers than this the slowest one says nothing of the next. */
    private static final long FEWEST = 3;

    private static final double[] MILLIS = IntStream.range(0, STEPS)
            .mapToDouble(step -> Math.pow(2, step / IN_AN_OCTAVE))
            .toArray();

    private final long[] counts;
    private final long all;

    private Latencies(long[] counts) {
        this.counts = counts;
        this.all = Arrays.stream(counts).sum();
    }

    /** The counts by the step. */
    static Latencies of(Map<Integer, Long> counts) {
        long[] all = new long[STEPS];
        counts.forEach((step, count) -> all[Math.clamp(step, 0, STEPS - 1)] += count);
        return new Latencies(all);
    }

    /** The step that a time in milliseconds belongs to. */
    static int step(long millis) {
        return millis <= 1
                ? 0
                : Math.min(STEPS - 1, (int) Math.ceil(IN_AN_OCTAVE * Math.log(millis) / Math.log(2) - 1e-9));
    }

    Latencies plus(Latencies other) {
        if (counts.length == 0 || other.counts.length == 0) {
            return counts.length == 0 ? other : this;
        }
        long[] sums = Arrays.copyOf(counts, STEPS);
        for (int i = 0; i < STEPS; i++) {
            sums[i] += other.counts[i];
        }
        return new Latencies(sums);
    }

    /**
     * The time within which a share of the answers came, in milliseconds and up to a fifth too long; -1 where there are too few to tell.
     *
     * @param share from 0 to 1
     */
    public double within(double share) {
        if (all < FEWEST) {
            return -1;
        }
        long wanted = (long) Math.ceil(all * share);
        long passed = 0;
        for (int i = 0; i < counts.length; i++) {
            passed += counts[i];
            if (passed >= wanted) {
                return MILLIS[i];
            }
        }
        return -1;
    }
}
