package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;

/** {@code least-used}: the target with the fewest calls in the last quarter of an hour and running now, over all instances. */
public final class LeastUsedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        TargetKnowledge known = selection.known();
        return selection.sortedBy(target -> known.calls(target) + known.running(target));
    }
}
