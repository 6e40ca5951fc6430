package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the calls of the last quarter of an hour are spread over providers. The lower the entropy of the spread, the more it speaks for
 * the providers that have had few.
 */
final class Spread {

    private static final double MIDDLE = 0.5;
    /** With fewer calls than this a spread is chance. */
    private static final long FEWEST = 10;

    private Spread() {}

    /**
     * How much the spread speaks for each target, from 0 to 1; the middle where it says nothing.
     *
     * @param calls how many each target has had
     */
    static double[] of(List<Target> targets, long[] calls) {
        double[] speaks = new double[calls.length];
        Arrays.fill(speaks, MIDDLE);
        long all = Arrays.stream(calls).sum();
        if (all < FEWEST) {
            return speaks;
        }
        Map<String, long[]> sums = HashMap.newHashMap(calls.length);
        long[][] ofProvider = new long[calls.length][];
        for (int i = 0; i < calls.length; i++) {
            ofProvider[i] = sums.computeIfAbsent(targets.get(i).provider(), provider -> new long[1]);
            ofProvider[i][0] += calls[i];
        }
        if (sums.size() < 2) {
            return speaks;
        }
        double concentration = 1 - entropy(sums, all) / Math.log(sums.size());
        for (int i = 0; i < calls.length; i++) {
            speaks[i] += concentration * (MIDDLE - (double) ofProvider[i][0] / all);
        }
        return speaks;
    }

    private static double entropy(Map<String, long[]> sums, long all) {
        double entropy = 0;
        for (long[] sum : sums.values()) {
            double share = (double) sum[0] / all;
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return entropy;
    }
}
