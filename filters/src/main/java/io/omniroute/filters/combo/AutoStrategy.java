package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;

/**
 * {@code auto}: scores every target by what is known of it, weighted by the combo's mode: what is left of its limits, whether it works,
 * its price, its latency, how good it is at the call's task, and how often it answers. What is not known counts as the middle. The best come
 * first, those that are as good in any order; now and then any target does, so that what is known stays true.
 */
public final class AutoStrategy implements SelectionStrategy {

    private static final double OUTPUT_SHARE = 0.4;
    /** What is not known speaks neither for a target nor against it. */
    private static final double UNKNOWN = 0.5;

    private static final double ALIKE = 0.01;
    /** Where scores are as near as this, the better third is not much better. */
    private static final double NEAR = 0.1;

    private static final double TOP = 0.45;
    private static final double MIDDLE = 0.35;

    @Override
    public List<Target> order(Selection selection) {
        List<Target> mixed = new ArrayList<>(selection.targets());
        Collections.shuffle(mixed, Random.from(selection.random()));
        Map<Target, Double> scores = scores(selection);
        mixed.sort(Comparator.comparingDouble((Target target) -> rounded(scores.getOrDefault(target, 0.0)))
                .reversed());
        double spread = scores.isEmpty() ? 0 : Collections.max(scores.values()) - Collections.min(scores.values());
        int first = first(selection, mixed.size(), spread);
        mixed.addFirst(mixed.remove(first));
        return mixed;
    }

    @Override
    public boolean readsTasks() {
        return true;
    }

    private static double rounded(double score) {
        return Math.round(score / ALIKE);
    }

    /** Nearly always the best; where all are nearly as good, the middle and the rest have their turns. */
    private static int first(Selection selection, int size, double spread) {
        double drawn = selection.random().nextDouble();
        if (drawn < selection.known().scores().exploration()) {
            return selection.random().nextInt(size);
        }
        if (spread >= NEAR || size < 3) {
            return 0;
        }
        int third = size / 3;
        double tier = selection.random().nextDouble();
        if (tier < TOP) {
            return selection.random().nextInt(third);
        }
        return tier < TOP + MIDDLE
                ? third + selection.random().nextInt(third)
                : 2 * third + selection.random().nextInt(size - 2 * third);
    }

    private static Map<Target, Double> scores(Selection selection) {
        TargetKnowledge known = selection.known();
        Map<String, Double> weights =
                known.scores().weights(selection.combo().scoring().mode());
        double dearest = most(selection, target -> cost(known, target));
        double slowest = most(selection, known::latency);
        Map<Target, Double> scores = new HashMap<>();
        for (Target target : selection.targets()) {
            Score score = new Score(weights);
            List<Quota> quotas = known.quotas(target);
            score.add(
                    "quota",
                    quotas.isEmpty()
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(HeadroomStrategy.of(quotas, known.now())));
            score.add("health", OptionalDouble.of(known.health(target)));
            score.add("cost", inverse(cost(known, target), dearest));
            score.add("latency", inverse(known.latency(target), slowest));
            score.add(
                    "task", selection.task().isEmpty() ? OptionalDouble.empty() : known.fit(target, selection.task()));
            score.add("stability", known.successRate(target));
            scores.put(target, score.value());
        }
        return scores;
    }

    private static OptionalDouble cost(TargetKnowledge known, Target target) {
        return known.inputPrice(target).isEmpty() || known.outputPrice(target).isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (1 - OUTPUT_SHARE) * known.inputPrice(target).getAsLong()
                                + OUTPUT_SHARE * known.outputPrice(target).getAsLong());
    }

    private static double most(Selection selection, Function<Target, OptionalDouble> of) {
        return selection.targets().stream()
                .map(of)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max()
                .orElse(0);
    }

    private static OptionalDouble inverse(OptionalDouble value, double most) {
        return value.isEmpty() ? value : OptionalDouble.of(most == 0 ? 1 : 1 - value.getAsDouble() / most);
    }

    /** The mean of all factors, by their weights. */
    private static final class Score {

        private final Map<String, Double> weights;
        private double sum;
        private double weight;

        Score(Map<String, Double> weights) {
            this.weights = weights;
        }

        void add(String factor, OptionalDouble value) {
            double counts = weights.getOrDefault(factor, 0.0);
            sum += counts * Math.clamp(value.orElse(UNKNOWN), 0, 1);
            weight += counts;
        }

        double value() {
            return weight == 0 ? 0 : sum / weight;
        }
    }
}
