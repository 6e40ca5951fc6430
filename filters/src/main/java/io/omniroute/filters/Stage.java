package io.omniroute.filters;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;

/**
 * The stages of a call in the order in which they run. YAML says which policy stages a route has; this enum says when each
 * one runs, wherever it is listed.
 *
 * <p>Stages below -1 account for the call: they run before the gateway's own response writer. Stages from {@link #COMBO} on
 * run before a byte of the answer has left, so they can still change their mind. Nothing of Spring Cloud Gateway's own comes behind them: a
 * call goes where its target is.
 */
public enum Stage {
    RENDER_ERROR(-1_000),
    OBSERVE_CALL(-950),
    ROUTE_HEADERS(-940),
    AUTHENTICATE(-900),
    ADMIT_CALL(-850),
    DECODE_REQUEST(-800),
    ADMIT_STREAM(-790),
    SHAPE_CALL(-780),
    AUTHORIZE_MODEL(-750),
    ALLOW_PROVIDER_STATE(-748),
    RECALL(-740),
    PIN_OBJECTS(-735),
    GUARDRAIL(-720),
    RATE_LIMIT(-700),
    IDEMPOTENCY(-690),
    BUDGET(-680),
    SEMANTIC_CACHE(-600),
    MODEL_ALIAS(-500),
    LIST_MODELS(-400),
    COMBO(9_100),
    TRANSLATE_REQUEST(9_200),
    AUTHORIZE_UPSTREAM(9_300),
    TRANSLATE_RESPONSE(9_400),
    CALL_UPSTREAM(9_500);

    private final int order;

    Stage(int order) {
        this.order = order;
    }

    /** The position in Spring Cloud Gateway's chain. */
    public int order() {
        return order;
    }

    /** The filter at this stage's position. */
    public GatewayFilter filter(GatewayFilter filter) {
        return new OrderedGatewayFilter(filter, order);
    }
}
