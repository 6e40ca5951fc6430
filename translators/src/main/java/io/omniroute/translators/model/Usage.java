package io.omniroute.translators.model;

/**
 * The tokens of one answer, in the gateway's convention: cached and written tokens are part of the input, reasoning is
 * part of the output.
 *
 * @param input all input tokens
 * @param cacheRead input tokens that the provider read from its prompt cache
 * @param cacheWrite input tokens that the provider wrote to its prompt cache
 * @param output all output tokens
 * @param reasoning output tokens that were reasoning
 * @param estimated whether the gateway counted because the provider did not
 */
public record Usage(long input, long cacheRead, long cacheWrite, long output, long reasoning, boolean estimated) {

    private static final int CHARACTERS_OF_A_TOKEN = 4;

    /** Usage of a plain call: input and output only. */
    public static Usage of(long input, long output) {
        return new Usage(input, 0, 0, output, 0, false);
    }

    /**
     * What the gateway counts where the provider does not.
     *
     * @param characters of the answer
     */
    public static Usage estimated(long input, long characters) {
        return new Usage(input, 0, 0, (characters + CHARACTERS_OF_A_TOKEN - 1) / CHARACTERS_OF_A_TOKEN, 0, true);
    }

    /** Whether nothing was counted, as servers say that do not count. */
    public boolean isNothing() {
        return input == 0 && output == 0;
    }

    /** Both together; estimated if either is. */
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                output + other.output,
                reasoning + other.reasoning,
                estimated || other.estimated);
    }
}
