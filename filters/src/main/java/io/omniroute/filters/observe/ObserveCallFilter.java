package io.omniroute.filters.observe;

import io.omniroute.filters.Ending;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.ClientLoop;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.call.RequestId;
import io.omniroute.filters.combo.Choice;
import io.omniroute.filters.combo.Session;
import io.omniroute.redis.CallThread;
import io.omniroute.translators.format.Endpoint;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives every call its ids, its response headers, its metrics and its one line in the log, refused calls included. */
public final class ObserveCallFilter implements GlobalFilter, Ordered {

    private final CallRecorder recorder;
    private final Drain drain;
    private final String version;

    public ObserveCallFilter(CallRecorder recorder, Drain drain, String version) {
        this.recorder = recorder;
        this.drain = drain;
        this.version = version;
    }

    @Override
    public int getOrder() {
        return Stage.OBSERVE_CALL.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Optional<Endpoint> endpoint = ExchangeAttributes.find(exchange, Endpoint.class);
        if (endpoint.isEmpty()) {
            return chain.filter(exchange);
        }
        long startedAt = System.nanoTime();
        RequestId id = RequestId.next(exchange.getRequest().getHeaders().getFirst("X-Request-Id"));
        ExchangeAttributes.put(exchange, RequestId.class, id);
        ExchangeAttributes.find(exchange, Parent.class)
                .ifPresent(parent -> parent.begins().accept(id.own()));
        exchange.getResponse().beforeCommit(() -> {
            head(exchange, endpoint.get(), id, startedAt);
            return Mono.empty();
        });
        CallThread thread = ClientLoop.threadOf(exchange.getRequest());
        Mono<Void> answered = chain.filter(exchange);
        return recorded(exchange, endpoint.get(), id, startedAt)
                .of(thread == null ? answered : answered.contextWrite(thread::in));
    }

    private Ending<Void> recorded(ServerWebExchange exchange, Endpoint endpoint, RequestId id, long startedAt) {
        return new Ending<>() {
            @Override
            protected void completes() {
                recorder.record(exchange, endpoint, id, startedAt, null);
            }

            @Override
            protected Throwable fails(Throwable failure) {
                recorder.record(exchange, endpoint, id, startedAt, failure);
                return failure;
            }

            @Override
            protected void cancelled() {
                recorder.recordGone(exchange, endpoint, id, startedAt);
            }
        };
    }

    private static String decision(Choice choice, HttpHeaders headers) {
        String provider = headers.getFirst(AnswerHeader.PROVIDER.header());
        return "strategy=" + choice.strategy() + "; provider=" + (provider == null ? "none" : provider)
                + "; latency_ms=" + headers.getFirst(AnswerHeader.LATENCY_MS.header());
    }

    private void head(ServerWebExchange exchange, Endpoint endpoint, RequestId id, long startedAt) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("x-request-id", id.echoed());
        if (drain.hasBegun()) {
            // connections that are kept would bring calls until the end
            headers.set(HttpHeaders.CONNECTION, "close");
        }
        headers.set(endpoint.format().requestIdHeader(), id.echoed());
        AnswerHeader.REQUEST_ID.set(headers, id.own());
        AnswerHeader.VERSION.set(headers, version);
        AnswerHeader.LATENCY_MS.set(headers, Long.toString((System.nanoTime() - startedAt) / 1_000_000));
        Session.named(exchange.getRequest()).ifPresent(name -> AnswerHeader.SESSION_ID.set(headers, name));
        ExchangeAttributes.find(exchange, Call.class).ifPresent(call -> {
            long failed = call.attempts().stream()
                    .filter(attempt -> attempt.error() != null)
                    .count();
            long fallbacks = call.isAnswered() ? failed : failed - 1;
            if (fallbacks > 0) {
                AnswerHeader.FALLBACK_ATTEMPTS.set(headers, Long.toString(fallbacks));
            }
            ExchangeAttributes.find(exchange, Choice.class)
                    .ifPresent(choice -> AnswerHeader.DECISION.set(headers, decision(choice, headers)));
        });
    }
}
