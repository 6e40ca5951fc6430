package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;

/** {@code lkgp}: the target that has answered the combo last, on whatever instance, then the rest as they are listed. */
public final class LastKnownGoodStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        return selection.first(
                target -> selection.known().answeredLast(selection.combo().name(), target));
    }

    @Override
    public boolean remembersAnswers() {
        return true;
    }
}
