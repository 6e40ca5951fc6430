package io.omniroute.filters.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.ClientLeft;
import io.omniroute.filters.call.RequestId;
import io.omniroute.filters.combo.AttemptReport;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;

/**
 * Writes the one log line of a call and counts it. Never a prompt, an answer, a key or a provider's message: ids, names,
 * numbers and error codes only. The logger is {@code io.omniroute.call}.
 */
public final class CallRecorder {

    private static final Logger LOG = LoggerFactory.getLogger("io.omniroute.call");
    private static final int CLIENT_CLOSED = 499;
    private static final int LONGEST_PATH = 200;

    private record CallKind(String operation, String provider, String ending) {}

    private static final int LONGEST_NAME = 256;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029\"]");

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
        LOG.atInfo()
                .addKeyValue("request_id", id.own())
                .addKeyValue("method", exchange.getRequest().getMethod().name())
                .addKeyValue("path", shown(exchange.getRequest().getURI().getRawPath()))
                .addKeyValue("status", error.kind().status())
                .addKeyValue("ending", "refused")
                .addKeyValue("error", error.kind().id())
                .log("call");
    }

    /**
     * Records what the server refused before it was a request.
     *
     * @param method what was read of it, or empty
     * @param path its path as it came, without what stands behind it, or empty
     */
    public void recordUnreadable(RequestId id, String method, String path, int status) {
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("request_id", id.own());
        if (!path.isEmpty()) {
            line = line.addKeyValue("method", method).addKeyValue("path", shown(path));
        }
        line.addKeyValue("status", status)
                .addKeyValue("ending", "refused")
                .addKeyValue("error", ErrorKind.INVALID_REQUEST.id())
                .log("call");
    }

    /** As it came, still encoded, so that nothing in it can be taken for the next line. */
    private static String shown(String rawPath) {
        return rawPath.length() <= LONGEST_PATH ? rawPath : rawPath.substring(0, LONGEST_PATH) + "...";
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
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        Optional<Call> call = ExchangeAttributes.find(exchange, Call.class);
        String ending = ending(status, outcome);
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("request_id", id.own())
                .addKeyValue("operation", endpoint.operation().id())
                .addKeyValue("format", endpoint.format().id())
                .addKeyValue("status", status)
                .addKeyValue("ending", ending)
                .addKeyValue("took_ms", took.toMillis());
        if (!id.echoed().equals(id.own())) {
            line = line.addKeyValue("client_request_id", id.echoed());
        }
        line = caller(line, exchange);
        line = call.isPresent() ? call(line, call.get()) : line;
        line = outcome.isPresent() ? outcome(line, outcome.get()) : line;
        if (error != null) {
            line = line.addKeyValue("error", error.kind().id())
                    .addKeyValue("scope", error.scope().name().toLowerCase(Locale.ROOT));
        }
        line.log("call");
        count(endpoint, call, ending, took, outcome);
        call.ifPresent(known -> decisions.keep(exchange, known, id, status, ending, error, took));
        call.ifPresent(c -> c.attempts().forEach(attempts));
    }

    private static String ending(int status, Optional<Outcome> outcome) {
        if (status == CLIENT_CLOSED) {
            return "client_gone";
        }
        return outcome.map(o -> switch (o.completion()) {
                    case COMPLETE -> "complete";
                    case CLIENT_GONE -> "client_gone";
                    case UPSTREAM_FAILED -> "upstream_failed";
                    case CONTINUED -> "continued";
                })
                .orElse(status < 400 ? "complete" : "refused");
    }

    private static LoggingEventBuilder caller(LoggingEventBuilder line, ServerWebExchange exchange) {
        Optional<Caller> caller = ExchangeAttributes.find(exchange, Caller.class);
        return caller.map(c -> line.addKeyValue("key", c.key().id())
                        .addKeyValue("team", c.key().team())
                        .addKeyValue("organisation", c.key().organisation()))
                .orElse(line);
    }

    private static LoggingEventBuilder call(LoggingEventBuilder line, Call call) {
        LoggingEventBuilder more =
                line.addKeyValue("asked", plain(call.asked())).addKeyValue("stream", call.stream());
        if (call.combo().isPresent()) {
            more = more.addKeyValue("resolved", call.combo().get().name());
        }
        if (!call.warnings().isEmpty()) {
            more = more.addKeyValue("lost", call.warnings());
        }
        if (!call.attempts().isEmpty()) {
            more = more.addKeyValue(
                    "attempts",
                    call.attempts().stream()
                            .sorted(AttemptReport.AS_BEGUN)
                            .map(CallRecorder::attempt)
                            .collect(Collectors.joining(", ")));
        }
        return more;
    }

    private static String attempt(AttemptReport attempt) {
        ApiError error = attempt.error();
        String answered = attempt.cancelled() ? "cancelled" : "ok";
        String result = error == null ? answered : error.kind().id();
        return attempt.target() + "@" + attempt.connection() + " " + result + " "
                + attempt.took().toMillis() + "ms";
    }

    /** A name as a client or a provider has written it, on one line, and within its quotes. */
    private static String plain(String name) {
        String bounded = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return CONTROL.matcher(bounded).replaceAll("?");
    }

    private static LoggingEventBuilder outcome(LoggingEventBuilder line, Outcome outcome) {
        Usage usage = outcome.usage();
        Duration firstContent = outcome.firstContent();
        LoggingEventBuilder named =
                outcome.model().isEmpty() ? line : line.addKeyValue("answered", plain(outcome.model()));
        LoggingEventBuilder more = named.addKeyValue("tokens_in", usage.input())
                .addKeyValue("tokens_cached", usage.cacheRead())
                .addKeyValue("tokens_out", usage.output())
                .addKeyValue("estimated", usage.estimated());
        return firstContent == null ? more : more.addKeyValue("first_content_ms", firstContent.toMillis());
    }

    private void count(
            Endpoint endpoint, Optional<Call> call, String ending, Duration took, Optional<Outcome> outcome) {
        String provider = call.map(Call::attempts)
                .filter(attempts -> !attempts.isEmpty())
                .map(attempts -> attempts.getLast().target())
                .map(target -> target.substring(0, target.indexOf('/')))
                .orElse("none");
        String operation = endpoint.operation().id();
        timers.computeIfAbsent(new CallKind(operation, provider, ending), this::timer)
                .record(took);
        outcome.ifPresent(o -> {
            tokens(provider, "input").increment(o.usage().input());
            tokens(provider, "output").increment(o.usage().output());
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
