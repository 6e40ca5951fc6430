package io.omniroute.filters.call;

import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Around everything that handles a request: brings the path of an endpoint to its one spelling before anything is decided on
 * it, leaves the application's own paths alone, and takes {@code ?key=} out of the URI before a log, a trace or a metric can see it. From here on it is the header
 * {@code x-goog-api-key}.
 */
public final class CanonicalRequests implements HttpHandlerDecoratorFactory {

    private static final String KEY = "key";
    private static final String KEY_HEADER = "x-goog-api-key";

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(canonical(request), response);
    }

    private static ServerHttpRequest canonical(ServerHttpRequest request) {
        String rawPath = request.getURI().getRawPath();
        Optional<ApiPath> api = ApiPath.of(rawPath);
        if (api.isEmpty()) {
            return request;
        }
        String path = ApiFormats.isEndpoint(api.get()) ? written(api.get(), rawPath) : rawPath;
        boolean key = hasKey(request.getURI().getRawQuery());
        return key || !path.equals(rawPath) ? rewritten(request, path) : request;
    }

    private static String written(ApiPath api, String rawPath) {
        String value = api.value();
        return value.equals(rawPath) && value.indexOf('%') < 0
                ? rawPath
                : UriUtils.encodePath(value, StandardCharsets.UTF_8);
    }

    private static ServerHttpRequest rewritten(ServerHttpRequest request, String path) {
        List<String> keys = new ArrayList<>(request.getQueryParams().getOrDefault(KEY, List.of()));
        URI uri = UriComponentsBuilder.fromUri(request.getURI())
                .replacePath(path)
                .replaceQueryParam(KEY)
                .build(true)
                .toUri();
        return request.mutate()
                .uri(uri)
                .path(path)
                .headers(headers -> keys.forEach(
                        value -> Optional.ofNullable(value).ifPresent(present -> headers.add(KEY_HEADER, present))))
                .build();
    }

    private static boolean hasKey(@Nullable String rawQuery) {
        return rawQuery != null && (rawQuery.equals(KEY) || rawQuery.startsWith("key=") || rawQuery.contains("&key="));
    }
}
