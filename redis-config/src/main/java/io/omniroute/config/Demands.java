package io.omniroute.config;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a combo asks of its targets beside that they answer. What is not known of a target speaks for it.
 *
 * @param capabilities whether a target is left out that is known not to do what a call needs
 * @param contextWindow the smallest context window, in tokens; 0 asks for none
 * @param free whether only models may be used that are known to cost nothing
 * @param families patterns of which a model's name must match one, with or without its vendor before it; none asks for nothing
 */
public record Demands(boolean capabilities, long contextWindow, boolean free, List<Glob> families) {

    /** Only what a call needs. */
    public static final Demands DEFAULT = new Demands(true, 0, false, List.of());

    public Demands {
        families = List.copyOf(families);
    }

    /** Whether it asks for anything of every call. */
    public boolean areAny() {
        return contextWindow > 0 || free || !families.isEmpty();
    }

    /**
     * Whether a model may be used for any call.
     *
     * @param costsNothing whether that is known
     */
    public boolean allow(String model, OptionalLong window, boolean costsNothing) {
        if (free && !costsNothing) {
            return false;
        }
        boolean large = window.isEmpty() || window.getAsLong() >= contextWindow;
        String name = model.substring(model.lastIndexOf('/') + 1);
        return large
                && (families.isEmpty()
                        || families.stream()
                                .anyMatch(family ->
                                        family.matchesIgnoringCase(model) || family.matchesIgnoringCase(name)));
    }
}
