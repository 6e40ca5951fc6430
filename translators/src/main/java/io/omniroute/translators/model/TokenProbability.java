package io.omniroute.translators.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How likely a token of an answer was.
 *
 * @param logprob its natural logarithm, as the provider wrote it
 * @param bytes the token in UTF-8 as an array of numbers, or {@code null} where the provider does not say
 * @param alternatives the likeliest tokens in its place, if they were asked for
 */
public record TokenProbability(
        String token, JsonNode logprob, @Nullable JsonNode bytes, List<TokenProbability> alternatives) {

    private static final char UNKNOWN = '\uFFFD';

    public TokenProbability {
        alternatives = List.copyOf(alternatives);
    }

    /** The token in UTF-8; {@code null} where it is a piece of a character, which its text does not show. */
    public byte @Nullable [] utf8() {
        return token.indexOf(UNKNOWN) >= 0 ? null : token.getBytes(StandardCharsets.UTF_8);
    }
}
