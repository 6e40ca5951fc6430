package io.omniroute.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a panel of targets answers together.
 *
 * @param judge who writes the answer out of theirs; the first target if empty
 * @param most how many of the targets are asked at most: the first that work
 * @param enough how many answers are enough to go on
 * @param grace how long the others may still take then
 * @param time how long all of them may take at most
 * @param handoffAt from which share of a limit on a conversation is made ready for somebody else, from 0 to 1
 */
public record Panel(Optional<Target> judge, int most, int enough, Duration grace, Duration time, double handoffAt) {

    /** The same with another judge in the place of the one that it names. */
    Panel mapped(UnaryOperator<Target> change) {
        return new Panel(judge.map(change), most, enough, grace, time, handoffAt);
    }

    /** The shipped values. */
    public static final Panel DEFAULT =
            new Panel(Optional.empty(), 8, 2, Duration.ofSeconds(8), Duration.ofSeconds(90), 0.85);
}
