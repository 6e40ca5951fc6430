package io.omniroute.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How a panel of targets answers together.
 *
 * @param judge who writes the answer out of theirs; the first target if empty
 * @param enough how many answers are enough to go on
 * @param grace how long the others may still take then
 * @param time how long all of them may take at most
 */
public record Panel(Optional<Target> judge, int enough, Duration grace, Duration time) {

    /** The shipped values. */
    public static final Panel DEFAULT = new Panel(Optional.empty(), 2, Duration.ofSeconds(8), Duration.ofSeconds(90));
}
