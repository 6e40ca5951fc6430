package io.omniroute.filters.call;

import io.omniroute.filters.error.ErrorResponses;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * Brings the path of an API request to its one spelling before anything is decided on it, and takes {@code ?key=} out of the
 * URI, before a log, a trace or a metric can see it: from here on it is the header {@code x-goog-api-key}.
 */
public final class CanonicalPathWebFilter implements WebFilter, Ordered {

    private static final String KEY = "key";
    private static final String KEY_HEADER = "x-goog-api-key";

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (climbs(request.getURI().getRawPath())) {
            ApiError error = ApiError.of(ErrorKind.NOT_FOUND, "there is nothing at this path").withCode("not_found");
            return ErrorResponses.write(exchange, ApiFormats.nearest(), error);
        }
        Optional<ApiPath> path = ApiPath.of(request.getURI().getRawPath());
        boolean keyInQuery = hasKey(request.getURI().getRawQuery());
        if (path.isEmpty()
                || (!keyInQuery && path.get().value().equals(request.getURI().getRawPath()))) {
            return chain.filter(exchange);
        }
        return chain.filter(
                exchange.mutate().request(canonical(request, path.get())).build());
    }

    private static ServerHttpRequest canonical(ServerHttpRequest request, ApiPath path) {
        List<String> keys = new ArrayList<>(request.getQueryParams().getOrDefault(KEY, List.of()));
        String encoded = UriUtils.encodePath(path.value(), StandardCharsets.UTF_8);
        URI uri = UriComponentsBuilder.fromUri(request.getURI())
                .replacePath(encoded)
                .replaceQueryParam(KEY)
                .build(true)
                .toUri();
        return request.mutate()
                .uri(uri)
                .path(encoded)
                .headers(headers -> keys.forEach(key -> headers.add(KEY_HEADER, key)))
                .build();
    }

    /** A path of the API that goes upwards or cannot be decoded means nothing, and nobody else should try. */
    private static boolean climbs(String rawPath) {
        String lower = rawPath.toLowerCase(Locale.ROOT);
        return (lower.startsWith("/v1") || lower.startsWith("/api"))
                && ApiPath.segmentsOf(rawPath).isEmpty();
    }

    private static boolean hasKey(@Nullable String rawQuery) {
        return rawQuery != null && (rawQuery.startsWith("key=") || rawQuery.contains("&key="));
    }
}
