package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.combo.AutoScores.Factor;
import io.omniroute.filters.combo.AutoScores.Mode;
import io.omniroute.redis.routing.Quota;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * {@code auto}: scores every target by what is known of it, weighted by the combo's mode: what is left of its limits, whether it works,
 * its price, its latency, how good it is at the call's task, how often it answers, and how few calls its provider has had where few
 * providers have had most. What is not known counts as the middle. The best come first, those that are as good in any order; now and
 * then any target does, so that what is known stays true.
 */
public final class AutoStrategy implements SelectionStrategy {

    private static final double OUTPUT_SHARE = 0.4;
    /** What is not known speaks neither for a target nor against it. */
    private static final double UNKNOWN = 0.5;

    private static final double ALIKE = 0.01;
    /** Where scores are as near as this, the best is not much better. */
    private static final double NEAR = 0.1;
    /** How much of the way from the worst to the best the middle is from the best. */
    private static final double MIDDLE = 0.3;

    private record Scored(Target target, double score, int drawn) {}

    @Override
    public List<Target> order(Selection selection) {
        TargetKnowledge known = selection.known();
        Mode mode = known.scores().named(selection.combo().scoring().mode());
        Scored[] scored = scored(selection, mode);
        Arrays.sort(
                scored,
                Comparator.comparingDouble((Scored one) -> -Math.rint(one.score() / ALIKE))
                        .thenComparingInt(Scored::drawn));
        List<Target> ordered = new ArrayList<>(scored.length);
        for (Scored one : scored) {
            ordered.add(one.target());
        }
        ordered.addFirst(ordered.remove(first(selection, mode, scored)));
        return ordered;
    }

    @Override
    public boolean readsTasks() {
        return true;
    }

    /** Nearly always the best; where all are nearly as good, the middle and the rest have their turns. */
    private static int first(Selection selection, Mode mode, Scored[] scored) {
        int size = scored.length;
        if (selection.random().nextDouble() < selection.known().scores().exploration()) {
            return selection.random().nextInt(size);
        }
        double best = scored[0].score();
        double spread = best - scored[size - 1].score();
        int middle = beyond(scored, best - ALIKE);
        int rest = Math.max(middle, beyond(scored, best - Math.max(ALIKE, MIDDLE * spread)));
        double of = mode.best() + (rest > middle ? mode.middle() : 0) + (size > rest ? mode.rest() : 0);
        double drawn = selection.random().nextDouble() * of;
        if (spread >= NEAR || drawn < mode.best() || of == mode.best()) {
            return 0;
        }
        return rest > middle && drawn < mode.best() + mode.middle()
                ? selection.random().nextInt(middle, rest)
                : selection.random().nextInt(rest < size ? rest : middle, rest < size ? size : rest);
    }

    private static int beyond(Scored[] scored, double least) {
        int index = 0;
        while (index < scored.length && scored[index].score() >= least) {
            index++;
        }
        return Math.max(1, index);
    }

    private static Scored[] scored(Selection selection, Mode mode) {
        List<Target> targets = selection.targets();
        TargetKnowledge known = selection.known();
        int size = targets.size();
        double[] costs = new double[size];
        double[] latencies = new double[size];
        double dearest = 0;
        double slowest = 0;
        for (int i = 0; i < size; i++) {
            Target target = targets.get(i);
            costs[i] = cost(known, target);
            latencies[i] = known.tailLatency(target).orElse(-1);
            dearest = Math.max(dearest, costs[i]);
            slowest = Math.max(slowest, latencies[i]);
        }
        Spread spread = mode.weight(Factor.DIVERSITY) > 0 ? Spread.of(targets, known) : Spread.NONE;
        Scored[] scored = new Scored[size];
        for (int i = 0; i < size; i++) {
            Target target = targets.get(i);
            Score score = new Score(mode);
            List<Quota> quotas = known.quotas(target);
            score.add(Factor.QUOTA, quotas.isEmpty() ? UNKNOWN : HeadroomStrategy.of(quotas, known.now()));
            score.add(Factor.HEALTH, known.health(target));
            score.add(Factor.COST, inverse(costs[i], dearest));
            score.add(Factor.LATENCY, inverse(latencies[i], slowest));
            score.add(Factor.TASK, fit(known, target, selection.task()).orElse(UNKNOWN));
            score.add(Factor.STABILITY, known.successRate(target).orElse(UNKNOWN));
            score.add(Factor.DIVERSITY, spread.speaksFor(target));
            scored[i] = new Scored(target, score.value(), selection.random().nextInt());
        }
        return scored;
    }

    private static OptionalDouble fit(TargetKnowledge known, Target target, String task) {
        return task.isEmpty() ? OptionalDouble.empty() : known.fit(target, task);
    }

    private static double cost(TargetKnowledge known, Target target) {
        return known.inputPrice(target).isEmpty() || known.outputPrice(target).isEmpty()
                ? -1
                : (1 - OUTPUT_SHARE) * known.inputPrice(target).getAsLong()
                        + OUTPUT_SHARE * known.outputPrice(target).getAsLong();
    }

    private static double inverse(double value, double most) {
        return value < 0 ? UNKNOWN : most == 0 ? 1 : 1 - value / most;
    }

    /** The mean of all factors, by their weights. */
    private static final class Score {

        private final Mode mode;
        private double sum;
        private double weight;

        Score(Mode mode) {
            this.mode = mode;
        }

        void add(Factor factor, double value) {
            double counts = mode.weight(factor);
            sum += counts * Math.clamp(value, 0, 1);
            weight += counts;
        }

        double value() {
            return weight == 0 ? 0 : sum / weight;
        }
    }
}
