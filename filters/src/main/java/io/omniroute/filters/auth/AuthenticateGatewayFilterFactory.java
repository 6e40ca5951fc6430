package io.omniroute.filters.auth;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code - Authenticate}: requires a valid API key and puts the {@link Caller} on the exchange. A caller that is already
 * there is a call from inside and is kept; nothing on the wire can put one there.
 */
public final class AuthenticateGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final KeyCheck keys;

    public AuthenticateGatewayFilterFactory(KeyCheck keys) {
        super(Object.class);
        this.keys = keys;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.AUTHENTICATE.filter((exchange, chain) -> {
            if (ExchangeAttributes.find(exchange, Caller.class).isPresent()) {
                return chain.filter(exchange);
            }
            return caller(exchange).flatMap(caller -> {
                ExchangeAttributes.put(exchange, Caller.class, caller);
                return chain.filter(exchange);
            });
        });
    }

    private Mono<Caller> caller(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return keys.check(Credentials.presented(request.getHeaders()), KeyCheck.sourceOf(request));
    }
}
