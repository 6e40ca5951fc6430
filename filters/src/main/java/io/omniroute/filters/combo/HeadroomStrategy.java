package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.redis.routing.Quota;
import java.time.Instant;
import java.util.List;

/**
 * {@code headroom}: the target whose account has most left of its limits comes first; of several limits the scarcest counts. An account
 * that nothing is known of stands in the middle.
 */
public final class HeadroomStrategy implements SelectionStrategy {

    private static final double UNKNOWN = 0.5;

    @Override
    public List<Target> order(Selection selection) {
        TargetKnowledge known = selection.known();
        Instant now = known.now();
        return selection.sortedBy(target -> -of(known.quotas(target), now));
    }

    /** The share that is left of the scarcest limit. */
    static double of(List<Quota> quotas, Instant now) {
        return quotas.stream()
                .mapToDouble(quota -> quota.remainingAt(now))
                .min()
                .orElse(UNKNOWN);
    }
}
