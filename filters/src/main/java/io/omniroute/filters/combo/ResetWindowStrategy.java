package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * {@code reset-window}: the target whose account gets its limits back soonest comes first, because what is left of them would be lost;
 * those within the same minute take turns by chance. An account whose limits are used up, or that nothing is known of, comes last.
 */
public final class ResetWindowStrategy implements SelectionStrategy {

    private static final Duration ALIKE = Duration.ofMinutes(1);

    @Override
    public List<Target> order(Selection selection) {
        TargetKnowledge known = selection.known();
        List<Target> mixed = new ArrayList<>(selection.targets());
        Collections.shuffle(mixed, Random.from(selection.random()));
        Instant now = known.now();
        return selection.with(mixed).sortedBy(target -> minutes(known.quotas(target), now));
    }

    private static long minutes(List<Quota> quotas, Instant now) {
        boolean usedUp = quotas.stream().anyMatch(quota -> quota.remainingAt(now) <= 0);
        return usedUp
                ? Long.MAX_VALUE
                : quotas.stream()
                        .map(quota -> Duration.between(now, quota.resets()))
                        .filter(Duration::isPositive)
                        .mapToLong(left -> left.dividedBy(ALIKE))
                        .min()
                        .orElse(Long.MAX_VALUE);
    }
}
