package io.omniroute.filters.kept;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/**
 * {@code - AllowProviderState}: lets providers keep the answers to this route's calls where the client wants that. Without it,
 * {@code store} goes out as false.
 */
public final class AllowProviderStateGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    public AllowProviderStateGatewayFilterFactory() {
        super(Object.class);
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.ALLOW_PROVIDER_STATE.filter((exchange, chain) -> {
            ExchangeAttributes.put(exchange, ProviderState.class, ProviderState.ALLOWED);
            return chain.filter(exchange);
        });
    }
}
