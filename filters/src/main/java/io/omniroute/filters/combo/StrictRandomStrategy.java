package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** {@code strict-random}: from a shuffled deck of the targets, of which each is drawn once before any comes again, over all instances.
 * The deck's number shuffles it, so that all instances have the same without telling one another. */
public final class StrictRandomStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        int size = selection.targets().size();
        List<Target> deck = new ArrayList<>(selection.targets());
        long number = selection.turn() / size;
        Collections.shuffle(
                deck, new SplittableRandom(31L * selection.combo().name().hashCode() + number));
        Collections.rotate(deck, -(int) (selection.turn() % size));
        return deck;
    }

    @Override
    public boolean takesTurns() {
        return true;
    }
}
