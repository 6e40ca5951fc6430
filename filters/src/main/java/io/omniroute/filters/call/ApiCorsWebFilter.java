package io.omniroute.filters.call;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ApiPath;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * CORS for the API's paths. Preflights are answered before anyone is authenticated, because browsers send them without
 * credentials; a request of a page that is not on the list is refused. Where no origin is on the list, only preflights are
 * refused, unless the application itself allows them: whoever else says where it comes from is no browser, or has asked before.
 */
public final class ApiCorsWebFilter implements WebFilter, Ordered {

    /** What clients may want to know of an answer, which browsers hide from pages else. */
    private static final List<String> EXPOSED = Stream.concat(
                    Stream.of("x-request-id", "request-id", "Retry-After"), AnswerHeader.all().stream())
            .toList();

    private final CorsConfiguration configuration;
    private final boolean off;
    private final CorsProcessor processor = new DefaultCorsProcessor() {
        @Override
        protected void rejectRequest(ServerHttpResponse response) {
            // whoever renders errors says it, in the client's format
        }
    };

    public ApiCorsWebFilter(CorsProperties settings) {
        configuration = configuration(settings);
        off = settings.allowedOrigins().isEmpty();
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean asks = CorsUtils.isPreFlightRequest(exchange.getRequest());
        if ((off && !asks)
                || ApiPath.of(exchange.getRequest().getURI().getRawPath()).isEmpty()) {
            return chain.filter(exchange);
        }
        if (off) {
            return chain.filter(exchange)
                    .then(Mono.defer(() -> isAllowed(exchange.getResponse()) ? Mono.empty() : refused()));
        }
        if (!processor.process(configuration, exchange)) {
            return refused();
        }
        return asks ? Mono.empty() : chain.filter(exchange);
    }

    private static boolean isAllowed(ServerHttpResponse response) {
        return response.isCommitted() || response.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    }

    private static Mono<Void> refused() {
        return Mono.error(ApiError.of(
                        ErrorKind.PERMISSION_DENIED,
                        "pages of this origin may not call the gateway, or not like this (omniroute.cors says which may)")
                .withCode("origin_not_allowed")
                .exception());
    }

    private static CorsConfiguration configuration(CorsProperties settings) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(settings.allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST"));
        cors.setAllowedHeaders(List.of("*"));
        cors.setExposedHeaders(EXPOSED);
        cors.setMaxAge(settings.maxAge());
        return cors;
    }
}
