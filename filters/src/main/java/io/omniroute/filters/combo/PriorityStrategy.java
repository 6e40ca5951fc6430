package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;

/** {@code priority}, and {@code fill-first}: the targets as they are listed. */
public final class PriorityStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.targets();
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
