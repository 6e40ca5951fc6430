package io.omniroute.translators.model;

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
}
