package io.omniroute.filters.models;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Provider;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.auth.Caller;
import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code - ListModels}: answers {@code GET /v1/models} and {@code /v1/models/{id}}, in the shape that the client knows, with exactly what the caller's key may
 * call: aliases, combos and declared models. Nothing is sent to a provider.
 */
public final class ListModelsGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final CatalogSource catalog;
    private final JsonMapper json;

    public ListModelsGatewayFilterFactory(CatalogSource catalog, JsonMapper json) {
        super(Object.class);
        this.catalog = catalog;
        this.json = json;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.LIST_MODELS.filter((exchange, chain) -> {
            Endpoint endpoint = ExchangeAttributes.require(exchange, Endpoint.class);
            ApiKey key = ExchangeAttributes.require(exchange, Caller.class).key();
            Catalog now = catalog.current();
            ModelList shape = ModelList.of(endpoint, exchange.getRequest().getHeaders());
            String model = endpoint.model();
            return write(
                    exchange,
                    model == null ? shape.list(visible(now, key, shape)) : shape.one(one(now, key, model, shape)));
        });
    }

    private static List<ModelList.Entry> visible(Catalog catalog, ApiKey key, ModelList shape) {
        return catalog.names().stream()
                .map(catalog::resolve)
                .filter(Resolution.Found.class::isInstance)
                .map(Resolution.Found.class::cast)
                .flatMap(found -> callable(catalog, key, found, shape).stream())
                .map(found -> entry(catalog, found))
                .toList();
    }

    private static ModelList.Entry one(Catalog catalog, ApiKey key, String name, ModelList shape) {
        return Optional.of(catalog.resolve(name))
                .filter(Resolution.Found.class::isInstance)
                .flatMap(found -> callable(catalog, key, (Resolution.Found) found, shape))
                .map(found -> entry(catalog, found))
                .orElseThrow(() -> ModelAliasGatewayFilterFactory.unknown(name));
    }

    /** By name, and for at least one operation that the key may ask for and the client's format has. */
    private static Optional<Resolution.Found> callable(
            Catalog catalog, ApiKey key, Resolution.Found found, ModelList shape) {
        return catalog.callable(key, found)
                .filter(part -> part.combo().targets().stream()
                        .anyMatch(target -> shape.operations()
                                .map(Operation::kind)
                                .map(Operation::id)
                                .anyMatch(
                                        operation -> key.mayAskFor(operation) && offers(catalog, target, operation))));
    }

    private static boolean offers(Catalog catalog, Target target, String operation) {
        Provider provider = catalog.providers().get(target.provider());
        return provider != null && provider.offers(target.model(), operation) && speaks(provider, operation);
    }

    /** Conversations are translated; everything else is asked for in a format that has it. */
    private static boolean speaks(Provider provider, String operation) {
        return operation.equals(Operation.CHAT.id())
                || provider.formats().stream()
                        .flatMap(format -> ApiFormats.ofId(format).stream())
                        .flatMap(format -> format.codecs().keySet().stream())
                        .anyMatch(known -> known.id().equals(operation));
    }

    private static ModelList.Entry entry(Catalog catalog, Resolution.Found found) {
        return new ModelList.Entry(found.asked(), owner(catalog, found));
    }

    private static String owner(Catalog catalog, Resolution.Found found) {
        if (catalog.combos().containsKey(found.asked())
                || catalog.undeclaredCombos().containsKey(found.asked())) {
            return "combo";
        }
        return found.named() ? "alias" : found.combo().targets().getFirst().provider();
    }

    private Mono<Void> write(ServerWebExchange exchange, Map<String, Object> answer) {
        byte[] body = json.writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        return exchange.getRequest().getMethod() == HttpMethod.HEAD
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
