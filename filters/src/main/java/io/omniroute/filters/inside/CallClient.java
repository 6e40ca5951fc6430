package io.omniroute.filters.inside;

import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.shape.Shape;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import java.util.Optional;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Calls from inside: the same chain as a call from outside, without a socket and without a key. Scopes, limits, log and
 * metrics apply as they do outside; the caller is given, not authenticated.
 */
public final class CallClient {

    private final RouteLocator routes;
    private final FilteringWebHandler chain;

    public CallClient(RouteLocator routes, FilteringWebHandler chain) {
        this.routes = routes;
        this.chain = chain;
    }

    /**
     * Makes a call.
     *
     * @param caller for whom
     * @param path as a client would write it, such as {@code /v1/chat/completions}
     * @param headers as a client would send them; credentials are not needed
     * @param parent the call that this one is part of, if it is
     * @return the answer as soon as its head is there, errors too; fails if no route takes the path or calls nest too deep
     */
    public Mono<CallAnswer> call(Caller caller, String path, HttpHeaders headers, byte[] body, Optional<Call> parent) {
        return Mono.defer(() -> {
            InnerExchange exchange = exchange(caller, path, headers, body, Shape.NONE);
            parent.ifPresent(whole -> nest(exchange, whole, Optional.empty()));
            return answer(exchange, route(exchange));
        });
    }

    /**
     * Makes a call that is a part of another one.
     *
     * @param whole the call that it is a part of
     * @param target what it goes to; the caller may call it because it may call the combo that has it
     * @param path as a client would write it
     */
    public Mono<CallAnswer> part(WholeCall whole, Target target, String path, byte[] body) {
        return Mono.defer(() -> {
            InnerExchange exchange = exchange(whole.caller(), path, whole.headers(), body, whole.shape());
            nest(exchange, whole.call(), Optional.of(target));
            return answer(
                    exchange,
                    whole.route().map(route -> endpointOf(route, exchange)).orElseGet(() -> route(exchange)));
        });
    }

    private static InnerExchange exchange(Caller caller, String path, HttpHeaders headers, byte[] body, Shape shape) {
        InnerExchange exchange = new InnerExchange(path, headers, body);
        ExchangeAttributes.put(exchange, Caller.class, caller);
        ExchangeAttributes.put(exchange, Shape.class, shape);
        return exchange;
    }

    private static void nest(ServerWebExchange exchange, Call whole, Optional<Target> target) {
        if (whole.depth() + 1 > Parent.DEEPEST) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "calls nest deeper than " + Parent.DEEPEST)
                    .exception();
        }
        ExchangeAttributes.put(
                exchange, Parent.class, new Parent(whole.id().own(), whole.depth(), target, whole::hasPart));
    }

    /** A route's predicates say which endpoint it is, and are not asked whether they match. */
    private static Mono<Route> endpointOf(Route route, ServerWebExchange exchange) {
        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR, route.getId());
        return Mono.from(route.getPredicate().apply(exchange)).thenReturn(route);
    }

    private Mono<Route> route(ServerWebExchange exchange) {
        return routes.getRoutes()
                .filterWhen(route -> {
                    exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR, route.getId());
                    return route.getPredicate().apply(exchange);
                })
                .next()
                .switchIfEmpty(Mono.error(() -> ApiError.of(
                                ErrorKind.NOT_FOUND,
                                "no route takes " + exchange.getRequest().getPath())
                        .exception()));
    }

    private Mono<CallAnswer> answer(InnerExchange exchange, Mono<Route> by) {
        return by.flatMap(route -> {
            exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, route);
            return answer(exchange);
        });
    }

    /** The head comes while the chain is still running: it ends when the body has been read. */
    private Mono<CallAnswer> answer(InnerExchange exchange) {
        return Mono.create(sink -> {
            InnerResponse response = exchange.response();
            response.onHead(answer -> sink.success(new CallAnswer(
                    answer.status(),
                    answer.headers(),
                    ExchangeAttributes.find(exchange, ApiError.class),
                    answer.body())));
            Disposable running = chain.handle(exchange)
                    .contextWrite(sink.contextView())
                    .subscribe(null, sink::error, () -> response.setComplete().subscribe(done -> {}, sink::error));
            sink.onCancel(running);
        });
    }
}
