package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the calls of the last quarter of an hour are spread over providers. The lower the entropy of the spread, the more it speaks for
 * the providers that have had few.
 *
 * @param shares of all calls, by the provider
 * @param concentration from 0, where all have had as many, to 1, where one has had them all
 */
record Spread(Map<String, Double> shares, double concentration) {

    /** Says nothing for or against anybody. */
    static final Spread NONE = new Spread(Map.of(), 0);

    private static final double MIDDLE = 0.5;
    /** With fewer calls than this a spread is chance. */
    private static final long FEWEST = 10;

    static Spread of(List<Target> targets, TargetKnowledge known) {
        Map<String, Double> shares = new HashMap<>();
        long all = 0;
        for (Target target : targets) {
            long calls = known.calls(target);
            shares.merge(target.provider(), (double) calls, Double::sum);
            all += calls;
        }
        if (all < FEWEST || shares.size() < 2) {
            return NONE;
        }
        double entropy = 0;
        for (Map.Entry<String, Double> one : shares.entrySet()) {
            double share = one.getValue() / all;
            one.setValue(share);
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return new Spread(shares, 1 - entropy / Math.log(shares.size()));
    }

    /** From 0 to 1; the middle where the spread says nothing. */
    double speaksFor(Target target) {
        double share = shares.getOrDefault(target.provider(), MIDDLE);
        return MIDDLE + concentration * (MIDDLE - share);
    }
}
