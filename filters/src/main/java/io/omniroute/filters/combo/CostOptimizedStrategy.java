package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.Comparator;
import java.util.List;

/** {@code cost-optimized}: the lowest price of input first; targets without a known price last. */
public final class CostOptimizedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.sorted(Comparator.comparingLong(
                target -> selection.known().inputPrice(target).orElse(Long.MAX_VALUE)));
    }
}
