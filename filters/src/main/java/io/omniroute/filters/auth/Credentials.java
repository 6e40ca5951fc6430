package io.omniroute.filters.auth;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/**
 * Finds the API key in a request: {@code Authorization: Bearer}, {@code x-api-key} and {@code x-goog-api-key}; a
 * {@code ?key=} has been moved to the last one before any stage runs. One check for all of them.
 */
public final class Credentials {

    private static final List<String> HEADERS = List.of("x-api-key", "x-goog-api-key");
    private static final String BEARER = "bearer ";

    private Credentials() {}

    /**
     * The one key that is presented.
     *
     * @throws ApiException UNAUTHENTICATED if there is none, or several that differ
     */
    public static String presented(HttpHeaders headers) {
        return find(headers)
                .orElseThrow(
                        () -> unauthenticated("no API key was sent; expected the header Authorization: Bearer <key>"));
    }

    /**
     * The one key that is presented; empty if there is none.
     *
     * @throws ApiException UNAUTHENTICATED if there are several that differ
     */
    public static Optional<String> find(HttpHeaders headers) {
        Set<String> keys = new LinkedHashSet<>();
        for (String value : headers.getOrEmpty(HttpHeaders.AUTHORIZATION)) {
            if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                keys.add(value.substring(BEARER.length()).strip());
            }
        }
        HEADERS.forEach(name -> headers.getOrEmpty(name).forEach(value -> keys.add(value.strip())));
        keys.remove("");
        return switch (keys.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(keys.iterator().next());
            default -> throw unauthenticated("several different API keys were sent; expected one");
        };
    }

    static ApiException unauthenticated(String message) {
        return ApiError.of(ErrorKind.UNAUTHENTICATED, message).exception();
    }
}
