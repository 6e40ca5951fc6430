package io.omniroute.predicates;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Matches the endpoints of API formats, {@code - ApiFormat=openai-chat}, and puts the {@link Endpoint} on the exchange. The
 * path is brought to its canonical spelling before it is compared. Where operations are listed too,
 * {@code - ApiFormat=openai-chat, models}, only they match; else every operation but the list of models, which is a route of
 * its own.
 */
public class ApiFormatRoutePredicateFactory
        extends AbstractRoutePredicateFactory<ApiFormatRoutePredicateFactory.Config> {

    public ApiFormatRoutePredicateFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("names");
    }

    @Override
    public ShortcutType shortcutType() {
        return ShortcutType.GATHER_LIST;
    }

    @Override
    public Predicate<ServerWebExchange> apply(Config config) {
        config.requireKnown();
        List<ApiFormat> formats = config.formats();
        Set<Operation> operations = config.operations();
        return new GatewayPredicate() {
            @Override
            public boolean test(ServerWebExchange exchange) {
                Optional<Endpoint> endpoint =
                        endpoint(formats, exchange).filter(found -> operations.contains(found.operation()));
                endpoint.ifPresent(found -> put(exchange, found));
                return endpoint.isPresent();
            }

            @Override
            public Object getConfig() {
                return config;
            }

            @Override
            public String toString() {
                return "ApiFormat: " + config.names;
            }
        };
    }

    /** With the route that is being looked at, so that it counts for that one alone, should a later predicate not match. */
    private static void put(ServerWebExchange exchange, Endpoint endpoint) {
        exchange.getAttributes().put(Endpoint.class.getName(), endpoint);
        Object route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR);
        if (route != null) {
            exchange.getAttributes().put(Endpoint.OF_ROUTE, route);
        }
    }

    private static Optional<Endpoint> endpoint(List<ApiFormat> formats, ServerWebExchange exchange) {
        String method = exchange.getRequest().getMethod().name();
        return ApiPath.of(exchange.getRequest().getURI().getRawPath())
                .flatMap(path -> ApiFormats.endpoint(formats, method, path))
                .map(endpoint -> ofClient(endpoint, exchange));
    }

    /** Models are listed under the same path for clients of two formats, of which Anthropic's say which they are. */
    private static Endpoint ofClient(Endpoint endpoint, ServerWebExchange exchange) {
        boolean anthropic = endpoint.operation() == Operation.MODELS
                && endpoint.format().id().equals("openai-chat")
                && exchange.getRequest().getHeaders().containsHeader("anthropic-version");
        return anthropic
                ? new Endpoint(
                        ApiFormats.ofId("anthropic-messages").orElseThrow(),
                        endpoint.operation(),
                        endpoint.provider(),
                        endpoint.model(),
                        endpoint.action())
                : endpoint;
    }

    /** The names of formats and operations. */
    public static class Config {

        private List<String> names = new ArrayList<>();

        public List<String> getNames() {
            return names;
        }

        public void setNames(List<String> names) {
            this.names = names;
        }

        private void requireKnown() {
            for (String name : names) {
                if (ApiFormats.ofId(name).isEmpty() && Operation.ofId(name).isEmpty()) {
                    throw new IllegalArgumentException(
                            "unknown name \"" + name + "\" in predicate ApiFormat (expected a"
                                    + " format: " + String.join(", ", ApiFormats.ids()) + "; or an operation: "
                                    + Arrays.stream(Operation.values())
                                            .map(Operation::id)
                                            .collect(Collectors.joining(", "))
                                    + ")");
                }
            }
        }

        private List<ApiFormat> formats() {
            List<ApiFormat> formats = names.stream()
                    .flatMap(name -> ApiFormats.ofId(name).stream())
                    .toList();
            if (formats.isEmpty()) {
                throw new IllegalArgumentException("predicate ApiFormat names no format (expected one of: "
                        + String.join(", ", ApiFormats.ids()) + ")");
            }
            return formats;
        }

        private Set<Operation> operations() {
            Set<Operation> named = EnumSet.noneOf(Operation.class);
            names.forEach(name -> Operation.ofId(name).ifPresent(named::add));
            return named.isEmpty() ? EnumSet.complementOf(EnumSet.of(Operation.MODELS)) : named;
        }
    }
}
