package io.omniroute.filters.admit;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Parent;
import io.omniroute.translators.format.Endpoint;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Bounds the calls that run at a time, before anything of the body is read. */
public final class AdmitCallFilter implements GlobalFilter, Ordered {

    private final Concurrency calls;

    public AdmitCallFilter(Concurrency calls) {
        this.calls = calls;
    }

    @Override
    public int getOrder() {
        return Stage.ADMIT_CALL.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<Endpoint> endpoint = ExchangeAttributes.find(exchange, Endpoint.class);
        // a part has its place with the call that it is a part of
        if (endpoint.isEmpty()
                || ExchangeAttributes.find(exchange, Parent.class).isPresent()) {
            return chain.filter(exchange);
        }
        String key = ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> caller.key().id())
                .orElse("");
        calls.enter(key);
        return chain.filter(exchange).doFinally(signal -> calls.leave(key));
    }
}
