package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;

/** {@code latency}: the faster of two targets drawn by chance, counting what runs there now; then the other, then the rest. A target whose
 * speed is not known is tried before one whose is, once nothing runs there: how else would it be known? */
public final class LatencyStrategy implements SelectionStrategy {

    @Override
    public List<Target> order(Selection selection) {
        TwoChoices two = TwoChoices.of(selection);
        return two.order(selection, load(two.one(), selection.known()) <= load(two.other(), selection.known()));
    }

    private static double load(Target target, TargetKnowledge known) {
        int running = known.running(target);
        return known.latency(target).isPresent()
                ? known.latency(target).getAsDouble() * (running + 1)
                : running == 0 ? 0 : Double.MAX_VALUE;
    }
}
