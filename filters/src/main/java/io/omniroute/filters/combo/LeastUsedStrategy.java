package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.Comparator;
import java.util.List;

/** {@code least-used}: the target with the fewest calls in the last quarter of an hour, over all instances. */
public final class LeastUsedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.sorted(Comparator.comparingLong(selection.known()::calls));
    }
}
