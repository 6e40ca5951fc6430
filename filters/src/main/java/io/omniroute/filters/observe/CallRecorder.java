package io.omniroute.filters.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.ClientLeft;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.RequestId;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Endpoint;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;

/** Tells the log, the meters and the records of decisions of every call that is over, and of every request that never became one. */
public final class CallRecorder {

    private static final int CLIENT_CLOSED = 499;

    private record CallKind(String operation, String provider, String ending) {}

    private final Map<CallKind, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, Counter> tokens = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final Consumer<AttemptReport> attempts;
    private final Decisions decisions;
    private final String version;

    /**
     * @param attempts is told how every attempt ended
     * @param decisions keeps how calls were decided
     * @param version the gateway's own
     */
    public CallRecorder(MeterRegistry meters, Consumer<AttemptReport> attempts, Decisions decisions, String version) {
        this.version = version;
        this.decisions = decisions;
        this.meters = meters;
        this.attempts = attempts;
    }

    /** Records a call that ended by itself, well or not. */
    void record(
            ServerWebExchange exchange, Endpoint endpoint, RequestId id, long startedAt, @Nullable Throwable failure) {
        Optional<Outcome> outcome = ExchangeAttributes.find(exchange, Outcome.class);
        boolean gone = outcome.filter(one -> one.completion() == Outcome.Completion.CLIENT_GONE)
                .isPresent();
        if (failure instanceof ClientLeft || (gone && failure != null && !(failure instanceof ApiException))) {
            // the request did not come any more, or the head could not be written any more
            recordGone(exchange, endpoint, id, startedAt);
            return;
        }
        ApiError error = failure instanceof ApiException known
                ? known.error()
                : outcome.map(Outcome::error).orElse(null);
        int status = status(exchange, endpoint, failure, error);
        record(exchange, endpoint, id, startedAt, status, outcome, error);
    }

    /** Records a call whose client left; one that did so behind the terminator of its answer has had it all. */
    void recordGone(ServerWebExchange exchange, Endpoint endpoint, RequestId id, long startedAt) {
        Optional<Outcome> outcome = ExchangeAttributes.find(exchange, Outcome.class);
        boolean complete = outcome.filter(one -> one.completion() == Outcome.Completion.COMPLETE)
                .isPresent();
        int status = complete ? status(exchange, endpoint, null, null) : CLIENT_CLOSED;
        record(exchange, endpoint, id, startedAt, status, outcome, null);
    }

    /** Gives a request that never became a call its ids, and records its refusal; one that the chain has seen is known. */
    public void recordRefused(ServerWebExchange exchange, ApiError error) {
        if (ExchangeAttributes.find(exchange, RequestId.class).isPresent()) {
            return;
        }
        RequestId id = RequestId.next(exchange.getRequest().getHeaders().getFirst("X-Request-Id"));
        ExchangeAttributes.put(exchange, RequestId.class, id);
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("x-request-id", id.echoed());
        AnswerHeader.REQUEST_ID.set(headers, id.own());
        AnswerHeader.VERSION.set(headers, version);
        AnswerHeader.LATENCY_MS.set(headers, "0");
        CallLog.refused(
                id,
                exchange.getRequest().getMethod().name(),
                exchange.getRequest().getURI().getRawPath(),
                error);
    }

    /**
     * Records what the server refused before it was a request.
     *
     * @param method what was read of it, or empty
     * @param path its path as it came, without what stands behind it, or empty
     */
    public void recordUnreadable(RequestId id, String method, String path, int status) {
        CallLog.unreadable(id, method, path, status);
    }

    private static int status(
            ServerWebExchange exchange, Endpoint endpoint, @Nullable Throwable failure, @Nullable ApiError error) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        if (failure != null) {
            return error != null ? endpoint.format().errors().status(error) : 500;
        }
        return status == null ? 200 : status.value();
    }

    private void record(
            ServerWebExchange exchange,
            Endpoint endpoint,
            RequestId id,
            long startedAt,
            int status,
            Optional<Outcome> outcome,
            @Nullable ApiError error) {
        Optional<Call> call = ExchangeAttributes.find(exchange, Call.class);
        EndedCall ended = new EndedCall(
                exchange,
                endpoint,
                id,
                call,
                outcome,
                status,
                ending(status, outcome),
                error,
                Duration.ofNanos(System.nanoTime() - startedAt));
        CallLog.ended(ended);
        count(ended);
        decisions.keep(ended);
        call.ifPresent(known -> known.attempts().forEach(attempts));
    }

    private static String ending(int status, Optional<Outcome> outcome) {
        if (status == CLIENT_CLOSED) {
            return "client_gone";
        }
        return outcome.map(o -> switch (o.completion()) {
                    case COMPLETE -> "complete";
                    case CLIENT_GONE -> "client_gone";
                    case UPSTREAM_FAILED -> Drain.isOf(o.error()) ? "shut_down" : "upstream_failed";
                    case CONTINUED -> "continued";
                })
                .orElse(status < 400 ? "complete" : "refused");
    }

    private void count(EndedCall ended) {
        String provider = ended.call()
                .map(Call::attempts)
                .filter(tried -> !tried.isEmpty())
                .map(tried -> tried.getLast().provider())
                .orElse("none");
        String operation = ended.endpoint().operation().id();
        timers.computeIfAbsent(new CallKind(operation, provider, ended.ending()), this::timer)
                .record(ended.took());
        ended.outcome().ifPresent(one -> {
            tokens(provider, "input").increment(one.usage().input());
            tokens(provider, "output").increment(one.usage().output());
        });
    }

    /** Meters are looked up by key here, because building their tags for every call costs more than counting. */
    private Timer timer(CallKind kind) {
        return Timer.builder("omniroute.calls")
                .tags("operation", kind.operation(), "provider", kind.provider(), "ending", kind.ending())
                .register(meters);
    }

    private Counter tokens(String provider, String direction) {
        return tokens.computeIfAbsent(
                provider + direction,
                key -> meters.counter("omniroute.tokens", "provider", provider, "direction", direction));
    }
}
