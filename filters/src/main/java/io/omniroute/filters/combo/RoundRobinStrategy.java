package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code round-robin}: one target after another, over all instances; with {@code sticky} each as many times before the next. */
public final class RoundRobinStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        List<Target> rotated = new ArrayList<>(selection.targets());
        long round = selection.turn() / selection.combo().sticky();
        Collections.rotate(rotated, -Math.floorMod(round, rotated.size()));
        return rotated;
    }

    @Override
    public boolean takesTurns() {
        return true;
    }
}
