package io.omniroute.config;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a combo asks of its targets beside that they answer. What is not known of a target speaks for it.
 *
 * @param capabilities whether a target is left out that is known not to do what a call needs
 * @param contextWindow the smallest context window, in tokens; 0 asks for none
 * @param families patterns of which a model's name must match one; none asks for nothing
 */
public record Demands(boolean capabilities, long contextWindow, List<Glob> families) {

    /** Only what a call needs. */
    public static final Demands DEFAULT = new Demands(true, 0, List.of());

    public Demands {
        families = List.copyOf(families);
    }

    /** Whether a model may be used for any call. */
    public boolean allow(String model, OptionalLong window) {
        boolean large = window.isEmpty() || window.getAsLong() >= contextWindow;
        return large && (families.isEmpty() || families.stream().anyMatch(family -> family.matches(model)));
    }
}
