package io.omniroute.filters.alias;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Parent;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;

/**
 * {@code - ModelAlias}: makes what the asked name resolves to the call's combo. Answers 404 for a name that means nothing
 * and 400 for a model that several providers have, naming those that the caller may call.
 */
public final class ModelAliasGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    public ModelAliasGatewayFilterFactory() {
        super(Object.class);
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.MODEL_ALIAS.filter((exchange, chain) -> {
            Call call = ExchangeAttributes.require(exchange, Call.class);
            call.choose(ExchangeAttributes.find(exchange, Parent.class)
                    .flatMap(Parent::target)
                    // a part has the patience of its call
                    .map(call.catalog()::partOf)
                    .orElseGet(() -> combo(exchange, call)));
            return chain.filter(exchange);
        });
    }

    private static Combo combo(ServerWebExchange exchange, Call call) {
        return switch (call.resolution()) {
            case Resolution.Found found -> ofPathsProvider(call, found.combo());
            case Resolution.Ambiguous several -> throw ambiguous(exchange, call, several);
            case Resolution.Unknown unknown -> throw unknown(call.asked());
        };
    }

    /** The error for a name that means nothing. */
    public static ApiException unknown(String asked) {
        return new ApiError(
                        ErrorKind.NOT_FOUND,
                        "model_not_found",
                        "there is no model, alias or combo \"" + asked + "\"",
                        "model",
                        null,
                        ErrorScope.REQUEST)
                .exception();
    }

    private static Combo ofPathsProvider(Call call, Combo combo) {
        String provider = call.endpoint().provider();
        boolean mismatch = provider != null
                && combo.targets().stream()
                        .anyMatch(target -> !target.provider().equals(provider));
        if (mismatch) {
            throw ApiError.invalid(
                            "model",
                            "the path asks for provider \"" + provider + "\", but \"" + call.asked()
                                    + "\" leads to another one")
                    .exception();
        }
        return combo;
    }

    private static ApiException ambiguous(ServerWebExchange exchange, Call call, Resolution.Ambiguous several) {
        Optional<Caller> caller = ExchangeAttributes.find(exchange, Caller.class);
        Catalog catalog = call.catalog();
        List<String> callable = several.candidates().stream()
                .filter(name -> caller.isEmpty()
                        || (catalog.resolve(name) instanceof Resolution.Found found
                                && catalog.callable(caller.get().key(), found).isPresent()))
                .toList();
        if (callable.isEmpty()) {
            return ApiError.of(
                            ErrorKind.PERMISSION_DENIED, "this API key may not call the model \"" + call.asked() + "\"")
                    .exception();
        }
        return ApiError.invalid(
                        "model",
                        "several providers have a model \"" + several.asked() + "\"; ask for one of: "
                                + String.join(", ", callable))
                .withCode("model_ambiguous")
                .exception();
    }
}
