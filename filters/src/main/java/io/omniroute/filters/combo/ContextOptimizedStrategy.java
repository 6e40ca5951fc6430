package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.Comparator;
import java.util.List;

/** {@code context-optimized}: the largest context window first; targets without a known one last. */
public final class ContextOptimizedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.sorted(Comparator.comparingLong(
                target -> -selection.known().contextWindow(target).orElse(-1)));
    }
}
