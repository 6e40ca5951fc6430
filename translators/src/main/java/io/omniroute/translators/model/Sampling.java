package io.omniroute.translators.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How tokens are drawn. Numbers are as the client wrote them; {@code null} is the provider's default. */
public record Sampling(
        @Nullable JsonNode temperature,
        @Nullable JsonNode topP,
        @Nullable Long topK,
        @Nullable JsonNode seed,
        @Nullable JsonNode presencePenalty,
        @Nullable JsonNode frequencyPenalty,
        @Nullable JsonNode logitBias,
        boolean logprobs,
        @Nullable Long topLogprobs) {

    /** Nothing but the provider's defaults. */
    public static final Sampling DEFAULT = new Sampling(null, null, null, null, null, null, null, false, null);

    /** Without what asks for nothing: penalties of zero, and a bias of no token. */
    public Sampling withoutNothing() {
        return new Sampling(
                temperature,
                topP,
                topK,
                seed,
                isZero(presencePenalty) ? null : presencePenalty,
                isZero(frequencyPenalty) ? null : frequencyPenalty,
                logitBias != null && logitBias.isEmpty() ? null : logitBias,
                logprobs,
                topLogprobs);
    }

    /** Whether tokens are to be drawn as models do that cannot be told how. */
    public boolean isUsual() {
        return isOneOrNothing(temperature) && isOneOrNothing(topP) && topK == null;
    }

    private static boolean isZero(@Nullable JsonNode number) {
        return number != null && number.isNumber() && number.decimalValue().signum() == 0;
    }

    private static boolean isOneOrNothing(@Nullable JsonNode number) {
        return number == null || (number.isNumber() && number.decimalValue().compareTo(BigDecimal.ONE) == 0);
    }
}
