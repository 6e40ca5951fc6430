package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.ArrayList;
import java.util.List;

/** Two targets drawn by chance; the same twice where there is only one. */
record TwoChoices(Target one, Target other) {

    static TwoChoices of(Selection selection) {
        int size = selection.targets().size();
        int first = selection.random().nextInt(size);
        int second = size == 1 ? 0 : selection.random().nextInt(size - 1);
        return new TwoChoices(
                selection.targets().get(first),
                selection.targets().get(size > 1 && second >= first ? second + 1 : second));
    }

    /** The better, the other, and the rest. */
    List<Target> order(Selection selection, boolean oneIsBetter) {
        List<Target> ordered = new ArrayList<>(selection.targets().size());
        ordered.add(oneIsBetter ? one : other);
        if (selection.targets().size() > 1) {
            ordered.add(oneIsBetter ? other : one);
        }
        boolean passedOne = false;
        boolean passedOther = false;
        for (Target target : selection.targets()) {
            if (!passedOne && target.equals(one)) {
                passedOne = true;
            } else if (!passedOther && selection.targets().size() > 1 && target.equals(other)) {
                passedOther = true;
            } else {
                ordered.add(target);
            }
        }
        return ordered;
    }
}
