package io.omniroute.filters.upstream;

import io.omniroute.filters.combo.AttemptExchange;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;

/**
 * The route as an attempt sees it: with the attempt's connect deadline, which the gateway reads from a route's metadata.
 * Where that is the deadline of all calls, the client has it already and the route stays as it is.
 */
public final class AttemptRoutes {

    private record Key(Route route, Duration connect) {}

    private final Duration usual;
    private final Map<Key, Route> routes = new ConcurrentHashMap<>();

    /** @param usual the connect deadline that the HTTP client was built with */
    public AttemptRoutes(Duration usual) {
        this.usual = usual;
    }

    void putOn(AttemptExchange attempt) {
        Duration connect = attempt.attempt().deadlines().connect();
        Route route = attempt.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        if (route != null && !connect.equals(usual)) {
            Route own = routes.computeIfAbsent(new Key(route, connect), AttemptRoutes::withConnect);
            attempt.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, own);
        }
    }

    private static Route withConnect(Key key) {
        Map<String, Object> metadata = new HashMap<>(key.route().getMetadata());
        metadata.put(
                RouteMetadataUtils.CONNECT_TIMEOUT_ATTR, (int) key.connect().toMillis());
        return Route.async()
                .id(key.route().getId())
                .uri(key.route().getUri())
                .order(key.route().getOrder())
                .asyncPredicate(key.route().getPredicate())
                .replaceFilters(key.route().getFilters())
                .replaceMetadata(metadata)
                .build();
    }
}
