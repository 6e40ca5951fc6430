package io.omniroute.translators.format;

import org.jspecify.annotations.Nullable;

/**
 * What a request's method and path mean.
 *
 * @param format the format that the client speaks
 * @param operation what it asks for
 * @param provider the provider that the path names ({@code /v1/providers/{provider}/...}), or {@code null}
 * @param model the model that the path names, or {@code null} where the body does
 * @param action what stands behind the model, such as {@code streamGenerateContent}; empty in most formats
 */
public record Endpoint(
        ApiFormat format,
        Operation operation,
        @Nullable String provider,
        @Nullable String model,
        String action) {

    /** An endpoint without an action. */
    public Endpoint(ApiFormat format, Operation operation, @Nullable String provider, @Nullable String model) {
        this(format, operation, provider, model, "");
    }

    /**
     * Whether what it answers is an array, an error before the first content, too.
     *
     * @param alt what the query says under {@code alt}
     */
    public boolean answersInArray(@Nullable String alt) {
        return action.startsWith("stream") && format.streamsAsArray(alt);
    }

    /** The exchange attribute that says for which route an endpoint was found. */
    public static final String OF_ROUTE = Endpoint.class.getName() + ".route";
}
