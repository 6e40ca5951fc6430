package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * How much the model is to think before it answers.
 *
 * @param mode whether it is to think
 * @param effort how hard, in OpenAI's words ({@code minimal} ... {@code max}), or {@code null}
 * @param budget the most tokens to think, or {@code null}
 * @param shown whether the client wants to see the thoughts, or {@code null} if it did not say
 */
public record Reasoning(
        Mode mode,
        @Nullable String effort,
        @Nullable Long budget,
        @Nullable Boolean shown) {

    /** The same without a bound in tokens. */
    public Reasoning withoutBudget() {
        return new Reasoning(mode, effort, null, shown);
    }

    /** As the provider does by itself. */
    public static final Reasoning DEFAULT = new Reasoning(Mode.UNSET, null, null, null);

    /** Whether a model is to think. */
    public enum Mode {
        UNSET,
        OFF,
        ON,
        ADAPTIVE
    }
}
