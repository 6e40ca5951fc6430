package io.omniroute.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Several targets behind one name. A plain model is a combo of one.
 *
 * @param name what clients ask for
 * @param strategy the name of the strategy that orders the targets
 * @param targets at least one
 * @param fallBackOn the kinds of failure after which the next target is tried; absent means every failure that is not the
 *     request's own
 * @param sticky how many turns in a row a target has where they take turns
 */
public record Combo(String name, String strategy, List<Target> targets, Optional<Set<String>> fallBackOn, int sticky) {

    /** The strategy that takes the targets as they are listed. */
    public static final String PRIORITY = "priority";

    public Combo {
        targets = List.copyOf(targets);
        fallBackOn = fallBackOn.map(Set::copyOf);
    }

    /** The combo of one that a plain model is. */
    public static Combo ofOne(Target target) {
        return new Combo(target.name(), PRIORITY, List.of(target), Optional.empty(), 1);
    }
}
