package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import java.util.List;

/** {@code priority}: the targets as they are listed. */
public final class PriorityStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Combo combo) {
        return combo.targets();
    }
}
