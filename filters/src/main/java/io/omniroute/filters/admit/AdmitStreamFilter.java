package io.omniroute.filters.admit;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Parent;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Bounds the streams that run at a time. */
public final class AdmitStreamFilter implements GlobalFilter, Ordered {

    private final Concurrency streams;

    public AdmitStreamFilter(Concurrency streams) {
        this.streams = streams;
    }

    @Override
    public int getOrder() {
        return Stage.ADMIT_STREAM.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<Call> call = ExchangeAttributes.find(exchange, Call.class);
        boolean part = ExchangeAttributes.find(exchange, Parent.class).isPresent();
        if (call.isEmpty() || !call.get().stream() || part) {
            return chain.filter(exchange);
        }
        String key = ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> caller.key().id())
                .orElse("");
        streams.enter(key);
        return chain.filter(exchange).doFinally(signal -> streams.leave(key));
    }
}
