package io.omniroute.filters.call;

import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.UriUtils;

/**
 * Around everything that handles a request: brings the path of an endpoint to its one spelling before anything is decided on
 * it, leaves the application's own paths alone, and takes {@code ?key=} out of the URI before a log, a trace or a metric can see it. From here on it is the header
 * {@code x-goog-api-key}.
 */
public final class CanonicalRequests implements HttpHandlerDecoratorFactory {

    private static final String KEY = "key";
    private static final Set<String> KEYS = Set.of(KEY);

    /** What parameters are called that may have a key in them, of clients of other gateways. */
    private static final Set<String> SECRETS = Set.of(KEY, "api_key", "apikey", "api-key", "token", "access_token");

    private static final String KEY_HEADER = "x-goog-api-key";

    private final boolean shortForms;
    private final boolean hideKeys;

    public CanonicalRequests(PathProperties paths) {
        this.shortForms = paths.shortForms();
        this.hideKeys = paths.hideKeys();
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(canonical(request), response);
    }

    private ServerHttpRequest canonical(ServerHttpRequest request) {
        String rawPath = request.getURI().getRawPath();
        Optional<ApiPath> versioned = ApiPath.of(rawPath);
        Optional<ApiPath> api = versioned.isEmpty() && shortForms ? ApiPath.ofShort(rawPath) : versioned;
        if (api.isEmpty()) {
            // no key is taken from there, but it must not be shown either, by whoever writes of the request
            return hideKeys && has(KEYS, request.getURI().getRawQuery())
                    ? request.mutate().uri(without(KEYS, request.getURI())).build()
                    : request;
        }
        // what an application has below the API's paths has parameters of its own
        Set<String> secrets = ApiFormats.isEndpoint(api.get()) ? SECRETS : KEYS;
        boolean rewrites = versioned.isEmpty() || ApiFormats.isEndpoint(api.get());
        String path = rewrites ? written(api.get(), rawPath) : rawPath;
        boolean key = has(secrets, request.getURI().getRawQuery());
        return key || !path.equals(rawPath) ? rewritten(request, path, secrets) : request;
    }

    private static String written(ApiPath api, String rawPath) {
        String value = api.value();
        return value.equals(rawPath) && value.indexOf('%') < 0
                ? rawPath
                : Arrays.stream(value.split("/", -1))
                        .map(segment -> UriUtils.encodePathSegment(segment, StandardCharsets.UTF_8)
                                .replace(";", "%3B"))
                        .collect(Collectors.joining("/"));
    }

    private static ServerHttpRequest rewritten(ServerHttpRequest request, String path, Set<String> secrets) {
        List<String> keys = new ArrayList<>(request.getQueryParams().getOrDefault(KEY, List.of()));
        return request.mutate()
                .uri(without(secrets, request.getURI()))
                .path(path)
                .headers(headers -> keys.forEach(
                        value -> Optional.ofNullable(value).ifPresent(present -> headers.add(KEY_HEADER, present))))
                .build();
    }

    /** The rest of the query stays as the client has written it, whatever that is. */
    private static URI without(Set<String> secrets, URI uri) {
        String query = uri.getRawQuery();
        if (!has(secrets, query)) {
            return uri;
        }
        String written = uri.toString();
        String rest = Arrays.stream(Objects.requireNonNull(query).split("&", -1))
                .filter(parameter -> !isOneOf(secrets, parameter))
                .collect(Collectors.joining("&"));
        String before = written.substring(0, written.indexOf('?'));
        return URI.create(rest.isEmpty() ? before : before + "?" + rest);
    }

    private static boolean has(Set<String> secrets, @Nullable String rawQuery) {
        return rawQuery != null
                && Arrays.stream(rawQuery.split("&", -1)).anyMatch(parameter -> isOneOf(secrets, parameter));
    }

    /** Whatever its name is written like; what other gateways take keys from is not read, but not shown either. */
    private static boolean isOneOf(Set<String> secrets, String parameter) {
        int end = parameter.indexOf('=');
        String name = end < 0 ? parameter : parameter.substring(0, end);
        try {
            return secrets.contains(
                    URLDecoder.decode(name, StandardCharsets.UTF_8).strip().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException odd) {
            return false;
        }
    }
}
