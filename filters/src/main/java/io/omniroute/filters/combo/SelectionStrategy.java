package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import java.util.List;
import java.util.Optional;

/**
 * In which order a combo's targets are tried. The same selection and random numbers must give the same order, whatever it remembers to be
 * faster; called from many threads. A bean of this type is named in YAML by its bean name.
 */
@FunctionalInterface
public interface SelectionStrategy {

    /** The targets to try, the first first: all of the selection's, each once. */
    List<Target> order(Selection selection);

    /** The scores that it orders by, for whoever wants to know why; empty for strategies that have none. */
    default Optional<Scored> scored(Selection selection) {
        return Optional.empty();
    }

    /** Whether it leaves the targets as they are listed. */
    default boolean keepsOrder() {
        return false;
    }

    /** Whether it needs to know the call's turn, which all instances count together: the one trip to Redis that a choice may cost. */
    default boolean takesTurns() {
        return false;
    }

    /** Whether it needs to know who has answered last. */
    default boolean remembersAnswers() {
        return false;
    }

    /** Whether it needs to know what a call is about. */
    default boolean readsTasks() {
        return false;
    }

    /** Whether it needs to know which calls belong together. */
    default boolean keepsTogether() {
        return false;
    }
}
