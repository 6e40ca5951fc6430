package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** {@code random}: any order, drawn for every call. */
public final class RandomStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        List<Target> shuffled = new ArrayList<>(selection.targets());
        Collections.shuffle(shuffled, Random.from(selection.random()));
        return shuffled;
    }
}
