package io.omniroute.filters.call;

import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Asks the routes first for whatever is an endpoint of the API: the application's other mappings, of which there are five with Actuator,
 * would each be asked in turn before them, by operators that every call pays for. Other paths find their handlers in the usual order.
 */
public final class EndpointsFirst implements HandlerMapping, Ordered, SmartInitializingSingleton {

    /** Before Actuator's mappings, which are the first of the framework's. */
    private static final int ORDER = -200;

    private final ObjectProvider<RoutePredicateHandlerMapping> routes;
    private volatile @Nullable RoutePredicateHandlerMapping known;

    public EndpointsFirst(ObjectProvider<RoutePredicateHandlerMapping> routes) {
        this.routes = routes;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        boolean endpoint = ApiPath.of(exchange.getRequest().getURI().getRawPath())
                .filter(ApiFormats::isEndpoint)
                .isPresent();
        RoutePredicateHandlerMapping first = endpoint ? known : null;
        return first == null ? Mono.empty() : first.getHandler(exchange);
    }

    @Override
    public void afterSingletonsInstantiated() {
        known = routes.getIfAvailable();
    }
}
