package io.omniroute.admin;

import io.omniroute.translators.format.ApiFormats;
import io.omniroute.translators.format.ApiPath;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/**
 * Leads calls of the API past Spring Security's filter, which would look for a chain of theirs and find none. Everything else goes through
 * it, so that what is neither is guarded.
 */
final class CallsPassBy implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof WebFilterChainProxy guard)) {
            return bean;
        }
        WebFilter guarded =
                (exchange, chain) -> isCall(exchange) ? chain.filter(exchange) : guard.filter(exchange, chain);
        return guarded;
    }

    /** Whether a request is for an endpoint of the API, which has its own check. */
    static boolean isCall(ServerWebExchange exchange) {
        return ApiPath.of(exchange.getRequest().getURI().getRawPath())
                .filter(ApiFormats::isEndpoint)
                .isPresent();
    }
}
