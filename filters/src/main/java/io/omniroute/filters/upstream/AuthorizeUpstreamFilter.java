package io.omniroute.filters.upstream;

import io.omniroute.config.Secret;
import io.omniroute.config.UpstreamAuth;
import io.omniroute.filters.Stage;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.translators.format.ApiFormat;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Gives the attempt its connection's credential; the caller's never gets that far. {@link CallUpstreamFilter} puts it on the
 * request when that goes out.
 */
public final class AuthorizeUpstreamFilter implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        return Stage.AUTHORIZE_UPSTREAM.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (exchange instanceof AttemptExchange attempt) {
            authorize(attempt.attempt(), attempt.credentials());
        }
        return chain.filter(exchange);
    }

    private static void authorize(Attempt attempt, HttpHeaders headers) {
        switch (attempt.connection().auth()) {
            case UpstreamAuth.FormatDefault usual -> usual(attempt.format(), usual.credential(), headers);
            case UpstreamAuth.Header named ->
                headers.set(named.name(), named.credential().value());
            case UpstreamAuth.None none -> {
                // a local server that takes no credential
            }
        }
    }

    private static void usual(ApiFormat format, Secret credential, HttpHeaders headers) {
        switch (format.authentication()) {
            case BEARER -> headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + credential.value());
            case X_API_KEY -> headers.set("x-api-key", credential.value());
            case X_GOOG_API_KEY -> headers.set("x-goog-api-key", credential.value());
        }
    }
}
