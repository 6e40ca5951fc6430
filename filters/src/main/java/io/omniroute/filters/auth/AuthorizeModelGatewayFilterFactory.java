package io.omniroute.filters.auth;

import io.omniroute.config.Resolution;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/**
 * {@code - AuthorizeModel}: refuses with 403 what the caller's key may not call, by endpoint kind and by model. The decision
 * is {@link io.omniroute.config.Catalog#mayCall}, the same for every way in. A name that means nothing is not refused here
 * but by {@code ModelAlias}, with 404.
 */
public final class AuthorizeModelGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    public AuthorizeModelGatewayFilterFactory() {
        super(Object.class);
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.AUTHORIZE_MODEL.filter((exchange, chain) -> {
            Caller caller = ExchangeAttributes.require(exchange, Caller.class);
            authorize(caller, ExchangeAttributes.require(exchange, Call.class));
            return chain.filter(exchange);
        });
    }

    private static void authorize(Caller caller, Call call) {
        String operation = call.endpoint().operation().kind().id();
        if (!caller.key().mayAskFor(operation)) {
            throw denied("this API key may not ask for " + operation);
        }
        if (call.resolution() instanceof Resolution.Found found
                && !call.catalog().mayCall(caller.key(), found)) {
            throw denied("this API key may not call the model \"" + call.asked() + "\"");
        }
    }

    private static ApiException denied(String message) {
        return ApiError.of(ErrorKind.PERMISSION_DENIED, message).exception();
    }
}
