package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * {@code reset-aware}: weighs what is left of an account's limits against how soon they come back: what is left shortly before a reset
 * is worth using, and what is scarce for long is worth sparing. Limits of less than a day count for 35 %, longer ones for 65 %; an
 * account whose short limits are nearly used up is spared, one whose limits are used up comes last. Scores that differ by less than 5 %
 * take turns by chance.
 */
public final class ResetAwareStrategy implements SelectionStrategy {

    private static final Duration DAY = Duration.ofDays(1);
    private static final double SHORT_SHARE = 0.35;
    private static final double LONG_SHARE = 0.65;
    private static final double UNKNOWN = 0.5;
    private static final double GUARD = 0.1;
    private static final double LEAST_GUARD = 0.05;
    private static final double ALIKE = 0.05;

    /** How much what is left, and how much the nearness of the reset counts. */
    private record Weights(double left, double urgency) {

        private static final Weights SHORT = new Weights(0.45, 0.55);
        private static final Weights LONG = new Weights(0.25, 0.75);
    }

    @Override
    public List<Target> order(Selection selection) {
        TargetKnowledge known = selection.known();
        List<Target> mixed = new ArrayList<>(selection.targets());
        Collections.shuffle(mixed, Random.from(selection.random()));
        Map<Target, Double> scores = mixed.stream()
                .distinct()
                .collect(Collectors.toMap(Function.identity(), target -> score(known.quotas(target), known.now())));
        double best = Collections.max(scores.values());
        mixed.sort(Comparator.comparingDouble((Target target) -> banded(scores.getOrDefault(target, UNKNOWN), best))
                .reversed());
        return mixed;
    }

    /** What is nearly as good as the best is as good. */
    private static double banded(double score, double best) {
        return best - score < ALIKE ? best : score;
    }

    private static double score(List<Quota> quotas, Instant now) {
        if (quotas.stream().anyMatch(quota -> quota.remainingAt(now) <= 0)) {
            return -1;
        }
        Predicate<Quota> isShort = quota -> quota.length().compareTo(DAY) < 0;
        double score = SHORT_SHARE * worst(quotas, isShort, Weights.SHORT, now)
                + LONG_SHARE * worst(quotas, isShort.negate(), Weights.LONG, now);
        double left = quotas.stream()
                .filter(isShort)
                .mapToDouble(quota -> quota.remainingAt(now))
                .min()
                .orElse(1);
        return left < GUARD ? score * Math.max(LEAST_GUARD, left / GUARD) : score;
    }

    private static double worst(List<Quota> quotas, Predicate<Quota> which, Weights weights, Instant now) {
        return quotas.stream()
                .filter(which)
                .mapToDouble(quota -> {
                    double left = quota.remainingAt(now);
                    return weights.left() * left + weights.urgency() * quota.elapsedAt(now) * (1 - left);
                })
                .min()
                .orElse(UNKNOWN);
    }
}
