package io.omniroute.translators.format;

import org.jspecify.annotations.Nullable;

/**
 * What a request's method and path mean.
 *
 * @param format the format that the client speaks
 * @param operation what it asks for
 * @param provider the provider that the path names ({@code /v1/providers/{provider}/...}), or {@code null}
 * @param model the model that the path names, or {@code null} where the body does
 */
public record Endpoint(
        ApiFormat format,
        Operation operation,
        @Nullable String provider,
        @Nullable String model) {

    /** The exchange attribute that says for which route an endpoint was found. */
    public static final String OF_ROUTE = Endpoint.class.getName() + ".route";
}
