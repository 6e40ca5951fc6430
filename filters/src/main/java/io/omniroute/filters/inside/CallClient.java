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
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Calls from inside: the same chain as a call from outside, without a socket and without a key. Scopes, limits, log and
 * metrics apply as they do outside; the caller is given, not authenticated.
 */
public final class CallClient {

    private static final WebSessionManager NO_SESSIONS = exchange -> Mono.empty();

    private final RouteLocator routes;
    private final FilteringWebHandler chain;
    private final ServerCodecConfigurer codecs = ServerCodecConfigurer.create();

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
        return call(caller, path, headers, body, parent, Optional.empty(), Shape.NONE, Optional.empty());
    }

    /**
     * Makes a call that is a part of another one.
     *
     * @param target what it goes to; the caller may call it because it may call the combo that has it
     * @param shape what is changed of it, as of the call that it is a part of
     * @param route that of the call, which is the part's too, whatever it asks for
     */
    public Mono<CallAnswer> part(
            Caller caller,
            String path,
            HttpHeaders headers,
            byte[] body,
            Call parent,
            Target target,
            Shape shape,
            Optional<Route> route) {
        return call(caller, path, headers, body, Optional.of(parent), Optional.of(target), shape, route);
    }

    private Mono<CallAnswer> call(
            Caller caller,
            String path,
            HttpHeaders headers,
            byte[] body,
            Optional<Call> parent,
            Optional<Target> target,
            Shape shape,
            Optional<Route> known) {
        return Mono.defer(() -> {
            if (parent.isPresent() && parent.get().depth() + 1 > Parent.DEEPEST) {
                return Mono.error(ApiError.of(ErrorKind.INVALID_REQUEST, "calls nest deeper than " + Parent.DEEPEST)
                        .exception());
            }
            InnerRequest request = new InnerRequest(path, headers, body);
            InnerResponse response = new InnerResponse();
            ServerWebExchange exchange = new DefaultServerWebExchange(
                    request, response, NO_SESSIONS, codecs, new AcceptHeaderLocaleContextResolver());
            ExchangeAttributes.put(exchange, Caller.class, caller);
            parent.ifPresent(call -> ExchangeAttributes.put(
                    exchange, Parent.class, new Parent(call.id().own(), call.depth(), target, call::hasPart)));
            ExchangeAttributes.put(exchange, Shape.class, shape);
            return known.map(route -> of(route, exchange))
                    .orElseGet(() -> route(exchange))
                    .flatMap(route -> {
                        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, route);
                        return answer(exchange, response);
                    });
        });
    }

    /** A route's predicates say which endpoint it is, and are not asked whether they match. */
    private static Mono<Route> of(Route route, ServerWebExchange exchange) {
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

    /** The head comes while the chain is still running: it ends when the body has been read. */
    private Mono<CallAnswer> answer(ServerWebExchange exchange, InnerResponse response) {
        return Mono.create(sink -> {
            response.onHead(answer -> sink.success(new CallAnswer(
                    answer.status(),
                    answer.headers(),
                    ExchangeAttributes.find(exchange, ApiError.class),
                    answer.body())));
            Disposable running = chain.handle(exchange)
                    .contextWrite(sink.contextView())
                    .subscribe(null, sink::error, () -> response.setComplete().subscribe());
            sink.onCancel(running);
        });
    }
}
