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
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.web.server.ServerWebExchange;

/**
 * Matches the endpoints of API formats, {@code - ApiFormat=openai-chat}, and puts the {@link Endpoint} on the exchange. The
 * path is brought to its canonical spelling before it is compared. Without {@code operations} every operation matches but
 * the list of models, which is a route of its own.
 */
public class ApiFormatRoutePredicateFactory extends AbstractRoutePredicateFactory<ApiFormatRoutePredicateFactory.Config> {

    public ApiFormatRoutePredicateFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("formats");
    }

    @Override
    public ShortcutType shortcutType() {
        return ShortcutType.GATHER_LIST;
    }

    @Override
    public Predicate<ServerWebExchange> apply(Config config) {
        List<ApiFormat> formats = config.formats.stream().map(ApiFormatRoutePredicateFactory::format).toList();
        Set<Operation> operations = config.operations();
        return new GatewayPredicate() {
            @Override
            public boolean test(ServerWebExchange exchange) {
                Optional<Endpoint> endpoint = endpoint(formats, exchange).filter(found ->
                        operations.contains(found.operation()));
                endpoint.ifPresent(found -> exchange.getAttributes().put(Endpoint.class.getName(), found));
                return endpoint.isPresent();
            }

            @Override
            public Object getConfig() {
                return config;
            }

            @Override
            public String toString() {
                return "ApiFormat: " + config.formats + " " + operations;
            }
        };
    }

    private static Optional<Endpoint> endpoint(List<ApiFormat> formats, ServerWebExchange exchange) {
        String method = exchange.getRequest().getMethod().name();
        return ApiPath.of(exchange.getRequest().getURI().getRawPath())
                .flatMap(path -> ApiFormats.endpoint(formats, method, path));
    }

    private static ApiFormat format(String id) {
        return ApiFormats.ofId(id)
                .orElseThrow(() -> new IllegalArgumentException("unknown format \"" + id
                        + "\" in predicate ApiFormat (expected one of: " + String.join(", ", ApiFormats.ids()) + ")"));
    }

    /** The formats, and the operations if not all but the list of models. */
    public static class Config {

        private List<String> formats = new ArrayList<>();
        private List<String> operations = new ArrayList<>();

        public List<String> getFormats() {
            return formats;
        }

        public void setFormats(List<String> formats) {
            this.formats = formats;
        }

        public List<String> getOperations() {
            return operations;
        }

        public void setOperations(List<String> operations) {
            this.operations = operations;
        }

        private Set<Operation> operations() {
            if (operations.isEmpty()) {
                return EnumSet.complementOf(EnumSet.of(Operation.MODELS));
            }
            Set<Operation> named = EnumSet.noneOf(Operation.class);
            operations.forEach(id -> named.add(Operation.ofId(id)
                    .orElseThrow(() -> new IllegalArgumentException("unknown operation \"" + id
                            + "\" in predicate ApiFormat (expected one of: "
                            + Arrays.stream(Operation.values()).map(Operation::id).toList() + ")"))));
            return named;
        }
    }
}
