package io.omniroute.filters.upstream;

import io.omniroute.filters.combo.AttemptExchange;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Has the last word on the headers of an attempt: exactly those that the stages put there, whatever the gateway's own header
 * filters (forwarding, tracing) have added.
 */
public final class UpstreamHeadersFilter implements HttpHeadersFilter, Ordered {

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        return exchange instanceof AttemptExchange attempt
                ? attempt.getRequest().getHeaders()
                : input;
    }
}
