package io.omniroute.filters.shape;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.CallShaper;
import io.omniroute.filters.call.Parent;
import io.omniroute.translators.format.Operation;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code ShapeCall}: lets every policy have its say on a conversation, before anybody decides whether it may be had. A call whose name has changed says so in
 * {@code X-OmniRoute-Shaped}.
 */
public final class ShapeCallFilter implements GlobalFilter, Ordered, CallShaper {

    private final List<ShapingPolicy> policies;

    /** @param policies in their order; none leaves calls as they are */
    public ShapeCallFilter(List<ShapingPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    @Override
    public int getOrder() {
        return Stage.SHAPE_CALL.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!policies.isEmpty() && !isPart(exchange)) {
            ExchangeAttributes.find(exchange, Call.class)
                    .filter(call -> call.endpoint().operation().kind() == Operation.CHAT)
                    .ifPresent(call -> shape(exchange, call));
        }
        return chain.filter(exchange);
    }

    /** A part has the shape of its call. */
    private static boolean isPart(ServerWebExchange exchange) {
        return ExchangeAttributes.find(exchange, Parent.class)
                .flatMap(Parent::target)
                .isPresent();
    }

    @Override
    public Call shaped(Call call, HttpHeaders headers) {
        return call.endpoint().operation().kind() == Operation.CHAT
                ? apply(call, headers).call()
                : call;
    }

    private ShapingPolicy.Shaped apply(Call call, HttpHeaders headers) {
        ShapingPolicy.Shaped shaped = new ShapingPolicy.Shaped(call, Shape.NONE);
        for (ShapingPolicy policy : policies) {
            shaped = policy.apply(shaped, headers);
        }
        return shaped;
    }

    private void shape(ServerWebExchange exchange, Call call) {
        ShapingPolicy.Shaped shaped = apply(call, exchange.getRequest().getHeaders());
        if (shaped.call() != call) {
            ExchangeAttributes.put(exchange, Call.class, shaped.call());
            AnswerHeader.SHAPED.set(
                    exchange.getResponse().getHeaders(), shaped.call().asked());
        }
        if (!shaped.shape().isNone()) {
            ExchangeAttributes.put(exchange, Shape.class, shaped.shape());
        }
    }
}
