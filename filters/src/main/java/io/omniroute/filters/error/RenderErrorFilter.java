package io.omniroute.filters.error;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.ClientLeft;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Endpoint;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Turns what the chain throws into the client format's error. What nobody expected is a 500 without details, and the log
 * has the rest.
 */
public final class RenderErrorFilter implements GlobalFilter, Ordered {

    /** Which program of OpenAI's it is. */
    private static final String ORIGINATOR = "originator";

    private static final Logger LOG = LoggerFactory.getLogger(RenderErrorFilter.class);

    @Override
    public int getOrder() {
        return Stage.RENDER_ERROR.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        forgetAnotherRoutesEndpoint(exchange);
        Optional<Endpoint> endpoint = ExchangeAttributes.find(exchange, Endpoint.class);
        if (endpoint.isEmpty()) {
            return chain.filter(exchange);
        }
        return chain.filter(exchange).onErrorResume(failure -> render(exchange, endpoint.get(), failure));
    }

    /** A route that did not match after all may have left its endpoint; it does not count for this one. */
    private static void forgetAnotherRoutesEndpoint(ServerWebExchange exchange) {
        Object found = exchange.getAttribute(Endpoint.OF_ROUTE);
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        if (found != null && route != null && !found.equals(route.getId())) {
            exchange.getAttributes().remove(Endpoint.class.getName());
        }
    }

    private static Mono<Void> render(ServerWebExchange exchange, Endpoint endpoint, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof ClientLeft) {
            return Mono.empty();
        }
        ApiError error = errorOf(failure);
        ExchangeAttributes.put(exchange, ApiError.class, error);
        if (isToldInStream(exchange, endpoint, error)) {
            return ErrorResponses.stream(exchange, endpoint.format().failedStream(error, "", "", 0));
        }
        boolean array =
                endpoint.answersInArray(exchange.getRequest().getQueryParams().getFirst("alt"));
        return ErrorResponses.write(exchange, endpoint.format(), error, array);
    }

    /** Codex makes a conversation shorter when a stream tells it that it is too long, and never goes on after a 400. */
    private static boolean isToldInStream(ServerWebExchange exchange, Endpoint endpoint, ApiError error) {
        String program = exchange.getRequest().getHeaders().getFirst(ORIGINATOR);
        return error.kind() == ErrorKind.CONTEXT_TOO_LONG
                && program != null
                && program.toLowerCase(Locale.ROOT).startsWith("codex")
                && endpoint.format().id().equals("openai-responses")
                && ExchangeAttributes.find(exchange, Call.class)
                        .filter(Call::stream)
                        .isPresent();
    }

    private static ApiError errorOf(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        LOG.error("a call failed unexpectedly", failure);
        return ApiError.of(ErrorKind.INTERNAL, "the gateway failed; its log says why");
    }
}
