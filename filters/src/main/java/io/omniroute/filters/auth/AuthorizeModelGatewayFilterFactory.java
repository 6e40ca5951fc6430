package io.omniroute.filters.auth;

import io.omniroute.config.ApiKey;
import io.omniroute.config.Resolution;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.call.Strictness;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.HostedTools;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.Loss;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;

/**
 * {@code - AuthorizeModel}: refuses with 403 what the caller's key may not call, by endpoint kind and by model. The decision
 * is {@link io.omniroute.config.Catalog#callable}, the same for every way in. A name that means nothing is not refused here
 * but by {@code ModelAlias}, with 404. Tools that providers run themselves are left out, unless the key has the scope for them.
 */
public final class AuthorizeModelGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final JsonLimits json;

    public AuthorizeModelGatewayFilterFactory(JsonLimits json) {
        super(Object.class);
        this.json = json;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.AUTHORIZE_MODEL.filter((exchange, chain) -> {
            Caller caller = ExchangeAttributes.require(exchange, Caller.class);
            Call call = ExchangeAttributes.require(exchange, Call.class);
            authorize(caller, call, isGranted(exchange));
            if (!call.head().hostedTools().isEmpty() && !caller.key().has(ApiKey.HOSTED_TOOLS)) {
                ExchangeAttributes.put(exchange, Call.class, withoutHostedTools(exchange, call));
            }
            return chain.filter(exchange);
        });
    }

    /** What a combo has chosen for a part of its own work was granted with the combo. */
    private static boolean isGranted(ServerWebExchange exchange) {
        return ExchangeAttributes.find(exchange, Parent.class)
                .flatMap(Parent::target)
                .isPresent();
    }

    private static void authorize(Caller caller, Call call, boolean granted) {
        String operation = call.endpoint().operation().kind().id();
        refusal(caller.key(), operation).ifPresent(refusal -> {
            throw refusal;
        });
        if (!granted && call.resolution() instanceof Resolution.Found found) {
            call.resolveTo(call.catalog()
                    .callable(caller.key(), found)
                    .orElseThrow(() -> denied("this API key may not call the model \"" + call.asked() + "\"")));
        }
    }

    /** What the caller is told who asks for a kind of operation that its key is not for; empty if it is. */
    public static Optional<ApiException> refusal(ApiKey key, String operation) {
        return key.mayAskFor(operation)
                ? Optional.empty()
                : Optional.of(denied("this API key may not ask for " + operation));
    }

    /** What the key has no scope for is off: left out with a warning, or refused where it cannot be left out. */
    private Call withoutHostedTools(ServerWebExchange exchange, Call call) {
        if (Strictness.isAsked(exchange.getRequest())) {
            throw HostedTools.denied(call.head().hostedTools());
        }
        byte[] body = call.codec().withoutHostedTools(call.body());
        Call less = call.with(body, call.codec().readRequest(body, call.endpoint(), json));
        less.lost(new Loss(Loss.Code.HOSTED_TOOLS_NOT_GRANTED, "tools"));
        return less;
    }

    private static ApiException denied(String message) {
        return ApiError.of(ErrorKind.PERMISSION_DENIED, message).exception();
    }
}
