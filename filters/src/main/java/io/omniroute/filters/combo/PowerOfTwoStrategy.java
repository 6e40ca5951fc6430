package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;

/** {@code p2c}: the better of two targets drawn by chance, then the other, then the rest as they are listed. Better is what answers
 * more often and faster; what is not known of a target counts as the middle. */
public final class PowerOfTwoStrategy implements SelectionStrategy {

    private static final double UNKNOWN_SUCCESS = 0.5;
    private static final double UNKNOWN_SPEED = 0.25;
    private static final double TRIED_AGAIN = 0.25;
    private static final double NANOS_A_MILLI = 1e6;

    @Override
    public List<Target> order(Selection selection) {
        TwoChoices two = TwoChoices.of(selection);
        return two.order(selection, score(two.one(), selection.known()) >= score(two.other(), selection.known()));
    }

    private static double score(Target target, TargetKnowledge known) {
        double speed = known.latency(target).isPresent()
                ? 1 / Math.log10(known.latency(target).getAsDouble() / NANOS_A_MILLI + 10)
                : UNKNOWN_SPEED;
        double trial = known.health(target) < 1 ? TRIED_AGAIN : 0;
        return known.successRate(target).orElse(UNKNOWN_SUCCESS) + speed - trial;
    }
}
