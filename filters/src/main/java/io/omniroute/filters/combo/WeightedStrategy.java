package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.config.Weighted;
import java.util.List;

/** {@code weighted}: any of the targets, the heavier the likelier; those without weight last. */
public final class WeightedStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return Weighted.order(selection.targets(), Target::weight, selection.random());
    }
}
