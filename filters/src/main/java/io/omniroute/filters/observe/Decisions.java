package io.omniroute.filters.observe;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.RequestId;
import io.omniroute.filters.combo.AttemptReport;
import io.omniroute.filters.combo.Choice;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps how every call was decided: what could have been tried, what rested and why, what was tried, how long each try took and how
 * it ended. No prompt, no answer, no key. Nobody waits for it; while Redis is away it is lost.
 */
public final class Decisions {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final int VERSION = 1;

    private final RoutingStore store;
    private final DecisionProperties settings;
    private final JsonMapper json;
    private final InstantSource clock;

    public Decisions(RoutingStore store, DecisionProperties settings, JsonMapper json, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
    }

    /** Keeps the record of a call that has ended; a call that chose nothing has none. */
    void keep(ServerWebExchange exchange, Call call, RequestId id, int status, String ending, Duration took) {
        Optional<Choice> choice = ExchangeAttributes.find(exchange, Choice.class);
        if (choice.isEmpty() || settings.keep().isZero()) {
            return;
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("v", VERSION);
        record.put("request_id", id.own());
        record.put("at", clock.instant().toString());
        ExchangeAttributes.find(exchange, Caller.class).map(Caller::key).ifPresent(key -> {
            record.put("key", key.id());
            record.put("team", key.team());
            record.put("organisation", key.organisation());
        });
        record.put("operation", call.endpoint().operation().id());
        record.put("stream", call.stream());
        record.put("asked", call.asked());
        record.putAll(choice.get().shown());
        record.put("attempts", call.attempts().stream().map(Decisions::attempt).toList());
        record.put("status", status);
        record.put("ending", ending);
        record.put("took_ms", took.toMillis());
        store.keepDecision(id.own(), json.writeValueAsString(record), settings.keep())
                .subscribe(done -> {}, away -> LOG.debug("a decision could not be kept: {}", away.toString()));
    }

    private static Map<String, Object> attempt(AttemptReport attempt) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("target", attempt.target());
        shown.put("connection", attempt.connection());
        shown.put("took_ms", attempt.took().toMillis());
        ApiError error = attempt.error();
        if (error != null) {
            shown.put("error", error.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            shown.put("scope", error.scope().name().toLowerCase(Locale.ROOT));
        }
        return shown;
    }
}
