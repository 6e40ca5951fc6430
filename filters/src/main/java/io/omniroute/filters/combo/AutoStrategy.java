package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.combo.AutoScores.Factor;
import io.omniroute.filters.combo.AutoScores.Mode;
import io.omniroute.redis.routing.Quota;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * {@code auto}: scores every target by what is known of it, weighted by the combo's mode: what is left of its limits, whether it works,
 * its price, its latency, how good it is at the call's task, how often it answers, how many accounts can call it, and how few calls its
 * provider has had where few providers have had most. What is not known counts as the middle. The best come first, those that are as good in any order; now and
 * then any target does, so that what is known stays true.
 */
public final class AutoStrategy implements SelectionStrategy {

    private static final double OUTPUT_SHARE = 0.4;
    /** More accounts than one more than this speak no more for a target. */
    private static final double MOST_ACCOUNTS = 10;
    /** What is not known speaks neither for a target nor against it. */
    private static final double UNKNOWN = 0.5;

    private static final Factor[] FACTORS = Factor.values();

    private static final double ALIKE = 0.01;
    /** Where scores are as near as this, the best is not much better. */
    private static final double NEAR = 0.1;
    /** How much of the way from the worst to the best the middle is from the best. */
    private static final double MIDDLE = 0.3;

    /** How many targets a place in {@link #places} can tell apart. */
    private static final int INDEX_BITS = 16;

    private static final int DRAWN_BITS = 32;

    private record Key(Derived.ComboKey combo, String mode, String task) {}

    /** The scores of a combo's targets at a moment. */
    private static final class Scores {

        private final long moment;
        private final double[] values;

        Scores(long moment, double[] values) {
            this.moment = moment;
            this.values = values;
        }
    }

    private final Map<Key, Scores> remembered = new ConcurrentHashMap<>();
    private final AtomicLong latest = new AtomicLong();

    @Override
    public List<Target> order(Selection selection) {
        Mode mode = selection.known().scores().named(selection.combo().scoring().mode());
        double[] scores = remembered(selection, mode);
        int[] places = places(scores, selection.random());
        List<Target> ordered = new ArrayList<>(places.length);
        int first = first(selection, mode, scores, places);
        ordered.add(selection.targets().get(places[first]));
        for (int place = 0; place < places.length; place++) {
            if (place != first) {
                ordered.add(selection.targets().get(places[place]));
            }
        }
        return ordered;
    }

    @Override
    public Optional<Scored> scored(Selection selection) {
        String name = selection.combo().scoring().mode();
        double[] scores = remembered(selection, selection.known().scores().named(name));
        return Optional.of(new Scored(name, selection.task(), selection.targets(), scores));
    }

    /** Scores are kept for a moment, a quarter of a second: what they are made of is read anew about once a second. */
    private double[] remembered(Selection selection, Mode mode) {
        Combo combo = selection.combo();
        if (selection.targets() != combo.targets()) {
            return scores(selection, mode);
        }
        Key key = new Key(new Derived.ComboKey(combo), combo.scoring().mode(), selection.task());
        long moment = selection.known().moment();
        Scores known = remembered.get(key);
        if (known == null || known.moment != moment) {
            known = new Scores(moment, scores(selection, mode));
            if (latest.getAndSet(moment) != moment) {
                remembered.values().removeIf(scores -> scores.moment != moment);
            }
            remembered.put(key, known);
        }
        return known.values;
    }

    /** The numbers of the targets, the best first and those that are alike in any order. */
    private static int[] places(double[] scores, RandomGenerator random) {
        int size = scores.length;
        int most = 1 << INDEX_BITS;
        if (size > most) {
            throw new IllegalArgumentException("a combo has more than " + most + " targets");
        }
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            long worse = Math.round((1 - scores[i]) / ALIKE);
            long drawn = random.nextInt() & 0xFFFF_FFFFL;
            keys[i] = worse << (DRAWN_BITS + INDEX_BITS) | drawn << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
            places[i] = (int) keys[i] & (most - 1);
        }
        return places;
    }

    @Override
    public boolean readsTasks() {
        return true;
    }

    /** Nearly always the best; where all are nearly as good, the middle and the rest have their turns. */
    private static int first(Selection selection, Mode mode, double[] scores, int[] places) {
        int size = places.length;
        if (selection.random().nextDouble() < selection.known().scores().exploration()) {
            return selection.random().nextInt(size);
        }
        double best = scores[places[0]];
        double spread = best - scores[places[size - 1]];
        if (spread >= NEAR) {
            return 0;
        }
        int middle = beyond(scores, places, best - ALIKE);
        int rest = Math.max(middle, beyond(scores, places, best - Math.max(ALIKE, MIDDLE * spread)));
        double of = mode.best() + (rest > middle ? mode.middle() : 0) + (size > rest ? mode.rest() : 0);
        double drawn = selection.random().nextDouble() * of;
        if (drawn < mode.best() || of == mode.best()) {
            return 0;
        }
        return rest > middle && drawn < mode.best() + mode.middle()
                ? selection.random().nextInt(middle, rest)
                : selection.random().nextInt(rest < size ? rest : middle, rest < size ? size : rest);
    }

    private static int beyond(double[] scores, int[] places, double least) {
        int place = 0;
        while (place < places.length && scores[places[place]] >= least) {
            place++;
        }
        return Math.max(1, place);
    }

    /** The mean of all factors by their weights, from 0 to 1, for each target. */
    private static double[] scores(Selection selection, Mode mode) {
        int size = selection.targets().size();
        double[][] values = values(selection, mode);
        double[] scores = new double[size];
        double all = 0;
        for (Factor factor : FACTORS) {
            double weight = mode.weight(factor);
            all += weight;
            double[] of = values[factor.ordinal()];
            for (int i = 0; i < size; i++) {
                scores[i] += weight * Math.clamp(of[i], 0, 1);
            }
        }
        for (int i = 0; i < size; i++) {
            scores[i] = all == 0 ? 0 : scores[i] / all;
        }
        return scores;
    }

    /** What speaks for each target, by the factor; everything of one target at a time, because looking it up is what takes time. */
    private static double[][] values(Selection selection, Mode mode) {
        List<Target> targets = selection.targets();
        TargetKnowledge known = selection.known();
        int size = targets.size();
        double[][] values = new double[FACTORS.length][size];
        long[] calls = new long[size];
        for (int i = 0; i < size; i++) {
            Target target = targets.get(i);
            List<Quota> quotas = known.quotas(target);
            values[Factor.QUOTA.ordinal()][i] = quotas.isEmpty() ? UNKNOWN : HeadroomStrategy.of(quotas, known.now());
            values[Factor.HEALTH.ordinal()][i] = known.health(target);
            values[Factor.COST.ordinal()][i] = cost(known, target);
            values[Factor.LATENCY.ordinal()][i] = known.tailLatency(target).orElse(-1);
            values[Factor.TASK.ordinal()][i] =
                    fit(known, target, selection.task()).orElse(UNKNOWN);
            values[Factor.STABILITY.ordinal()][i] = known.successRate(target).orElse(UNKNOWN);
            values[Factor.DENSITY.ordinal()][i] = (known.accounts(target) - 1) / MOST_ACCOUNTS;
            calls[i] = known.calls(target);
        }
        lessIsMore(values[Factor.COST.ordinal()]);
        lessIsMore(values[Factor.LATENCY.ordinal()]);
        if (mode.weight(Factor.DIVERSITY) > 0) {
            values[Factor.DIVERSITY.ordinal()] = Spread.of(targets, calls);
        }
        return values;
    }

    private static OptionalDouble fit(TargetKnowledge known, Target target, String task) {
        return task.isEmpty() ? OptionalDouble.empty() : known.fit(target, task);
    }

    private static double cost(TargetKnowledge known, Target target) {
        OptionalLong input = known.inputPrice(target);
        OptionalLong output = known.outputPrice(target);
        return input.isEmpty() || output.isEmpty()
                ? -1
                : (1 - OUTPUT_SHARE) * input.getAsLong() + OUTPUT_SHARE * output.getAsLong();
    }

    /** Makes 1 of nothing and 0 of the most; what is below nothing is not known. */
    private static void lessIsMore(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, value);
        }
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            values[i] = value < 0 ? UNKNOWN : most == 0 ? 1 : 1 - value / most;
        }
    }
}
