package io.omniroute.filters.call;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.translators.format.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AddResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.DedupeResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RemoveResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RewriteResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SecureHeadersGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets Spring Cloud Gateway's own filters of response headers work on calls. They act when the rest of the chain has ended, which for
 * a call is when its answer has left: here they act just before its head leaves, after everything else, and find nothing to change
 * later. Errors have these headers, too.
 */
public final class RouteHeadersFilter implements GlobalFilter, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(RouteHeadersFilter.class);

    private static final Set<Class<?>> FACTORIES = Set.of(
            AddResponseHeaderGatewayFilterFactory.class,
            DedupeResponseHeaderGatewayFilterFactory.class,
            RemoveResponseHeaderGatewayFilterFactory.class,
            RewriteResponseHeaderGatewayFilterFactory.class,
            SecureHeadersGatewayFilterFactory.class,
            SetResponseHeaderGatewayFilterFactory.class);

    /** What Spring Cloud Gateway makes of a factory is a class inside it; asked for every call. */
    private static final ClassValue<Boolean> OF_HEADERS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> filter) {
            Class<?> factory = filter.getEnclosingClass();
            return factory != null && FACTORIES.contains(factory);
        }
    };

    @Override
    public int getOrder() {
        return Stage.ROUTE_HEADERS.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        boolean isCall = ExchangeAttributes.find(exchange, Endpoint.class).isPresent();
        if (!isCall || route == null) {
            return chain.filter(exchange);
        }
        List<GatewayFilter> filters = ofHeaders(route);
        if (filters.isEmpty()) {
            return chain.filter(exchange);
        }
        ServerHttpResponse response = exchange.getResponse();
        ServerWebExchange leaving =
                exchange.mutate().response(new Leaving(response)).build();
        response.beforeCommit(() -> together(filters).filter(leaving).onErrorResume(failure -> {
            LOG.warn(
                    "a filter of route {} could not change the headers of an answer: {}",
                    route.getId(),
                    failure.toString());
            return Mono.empty();
        }));
        return chain.filter(exchange.mutate().response(new Left(response)).build());
    }

    private static List<GatewayFilter> ofHeaders(Route route) {
        List<GatewayFilter> found = new ArrayList<>();
        for (GatewayFilter filter : route.getFilters()) {
            GatewayFilter made = filter instanceof OrderedGatewayFilter ordered ? ordered.getDelegate() : filter;
            if (OF_HEADERS.get(made.getClass())) {
                found.add(filter);
            }
        }
        return found;
    }

    private static GatewayFilterChain together(List<GatewayFilter> filters) {
        GatewayFilterChain chain = exchange -> Mono.empty();
        for (GatewayFilter filter : filters.reversed()) {
            GatewayFilterChain rest = chain;
            chain = exchange -> filter.filter(exchange, rest);
        }
        return chain;
    }

    /** A response whose head is about to leave: its headers can still be changed. */
    private static final class Leaving extends ServerHttpResponseDecorator {

        Leaving(ServerHttpResponse response) {
            super(response);
        }

        @Override
        public boolean isCommitted() {
            return false;
        }
    }

    /** A response that whoever comes too late changes in vain, and without an error. */
    private static final class Left extends ServerHttpResponseDecorator {

        Left(ServerHttpResponse response) {
            super(response);
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = super.getHeaders();
            return isCommitted() ? HttpHeaders.copyOf(headers) : headers;
        }
    }
}
