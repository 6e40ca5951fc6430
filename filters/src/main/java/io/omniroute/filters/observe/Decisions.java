package io.omniroute.filters.observe;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.combo.AttemptReport;
import io.omniroute.filters.combo.Choice;
import io.omniroute.filters.combo.DecisionProperties;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.redis.PeriodicExchange;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps how every call was decided: what could have been tried, what rested and why, what was tried, how long each try took and how
 * it ended. No prompt, no answer, no key. Nobody waits for it: records are written together, four times a second, and again where that
 * failed. Those beyond a bound are lost. Thread-safe.
 */
public final class Decisions extends PeriodicExchange {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final int VERSION = 1;
    /** Short enough that few records outlive a young collection: those that do make the old one run all the time. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final int MOST_WAITING = 10_000;
    private static final int CANDIDATES_OF_A_RECORD = 8;
    private static final int AT_ONCE = 500;
    private static final int MOST_CHARACTERS = 1_000_000;
    /** Of how many candidates a record tells, beside those that were tried. */
    private static final int MOST_CANDIDATES = 50;

    /** A record without what it is about: the body of a request must not wait here. */
    private record Waiting(
            String id,
            Instant at,
            Optional<ApiKey> key,
            String operation,
            boolean stream,
            String asked,
            @Nullable Choice choice,
            List<AttemptReport> attempts,
            List<String> parts,
            Optional<String> partOf,
            Map<String, String> passedOver,
            Duration waited,
            int status,
            String ending,
            @Nullable ApiError error,
            @Nullable Usage usage,
            Duration took) {

        /** How much it takes of the bound: more where there were many candidates. */
        int weight() {
            return 1 + (choice == null ? 0 : choice.attempts().size() / CANDIDATES_OF_A_RECORD);
        }
    }

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private final RoutingStore store;
    private final DecisionProperties settings;
    private final JsonMapper json;
    private final KnownFacts facts;
    private final InstantSource clock;

    public Decisions(
            RoutingStore store, DecisionProperties settings, JsonMapper json, KnownFacts facts, InstantSource clock) {
        super(PERIOD, PERIOD);
        this.store = store;
        this.settings = settings;
        this.json = json;
        this.facts = facts;
        this.clock = clock;
    }

    /** Keeps the record of a call; one that was refused before anything was chosen is kept if its caller is known. */
    void keep(EndedCall ended) {
        ServerWebExchange exchange = ended.exchange();
        Optional<Choice> choice = ExchangeAttributes.find(exchange, Choice.class);
        Optional<ApiKey> key = ExchangeAttributes.find(exchange, Caller.class).map(Caller::key);
        if (ended.call().isEmpty()
                || (choice.isEmpty() && key.isEmpty())
                || settings.keep().isZero()) {
            return;
        }
        Call call = ended.call().get();
        List<AttemptReport> attempts = List.copyOf(call.attempts());
        add(new Waiting(
                ended.id().own(),
                clock.instant(),
                key,
                call.endpoint().operation().id(),
                call.stream(),
                call.asked(),
                choice.map(made -> made.lean(MOST_CANDIDATES, tried(attempts))).orElse(null),
                attempts,
                List.copyOf(call.parts()),
                ExchangeAttributes.find(exchange, Parent.class).map(Parent::id),
                call.passedOver(),
                call.waited(),
                ended.status(),
                ended.ending(),
                ended.error(),
                ended.outcome().map(Outcome::usage).orElse(null),
                ended.took()));
    }

    private void add(Waiting record) {
        if (count.addAndGet(record.weight()) > MOST_WAITING) {
            count.addAndGet(-record.weight());
        } else {
            waiting.add(record);
        }
    }

    @Override
    protected Mono<Void> exchange() {
        return write().onErrorResume(this::lost);
    }

    @Override
    public void stop() {
        super.stop();
        write().onErrorResume(this::lost).block(PERIOD);
    }

    private Mono<Void> write() {
        return Mono.defer(() -> {
            Map<String, String> records = new LinkedHashMap<>();
            List<Waiting> taken = new ArrayList<>();
            int characters = 0;
            for (Waiting next = next(); next != null; next = next()) {
                taken.add(next);
                String written = json.writeValueAsString(record(next));
                records.put(next.id(), written);
                characters += written.length();
                if (taken.size() == AT_ONCE || characters > MOST_CHARACTERS) {
                    break;
                }
            }
            return records.isEmpty()
                    ? Mono.empty()
                    : store.keepDecisions(records, settings.keep())
                            .doOnError(away -> taken.forEach(this::add))
                            .doOnCancel(() -> taken.forEach(this::add))
                            .then(write());
        });
    }

    private @Nullable Waiting next() {
        Waiting next = waiting.poll();
        if (next != null) {
            count.addAndGet(-next.weight());
        }
        return next;
    }

    private Mono<Void> lost(Throwable away) {
        LOG.debug("decisions could not be kept: {}", away.toString());
        return Mono.empty();
    }

    private Map<String, Object> record(Waiting call) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("v", VERSION);
        record.put("request_id", call.id());
        record.put("at", call.at().toString());
        call.key().ifPresent(key -> {
            record.put("key", key.id());
            record.put("team", key.team());
            record.put("organisation", key.organisation());
        });
        record.put("operation", call.operation());
        record.put("stream", call.stream());
        record.put("asked", call.asked());
        Choice choice = call.choice();
        if (choice != null) {
            record.putAll(choice.shown(MOST_CANDIDATES, tried(call.attempts())));
        }
        record.put(
                "attempts",
                call.attempts().stream()
                        .sorted(AttemptReport.AS_BEGUN)
                        .map(Decisions::attempt)
                        .toList());
        if (!call.passedOver().isEmpty()) {
            record.put("passed_over", new TreeMap<>(call.passedOver()));
        }
        if (!call.parts().isEmpty()) {
            record.put("parts", call.parts());
        }
        call.partOf().ifPresent(parent -> record.put("part_of", parent));
        if (!call.waited().isZero()) {
            record.put("waited_ms", call.waited().toMillis());
        }
        record.put("status", call.status());
        record.put("ending", call.ending());
        ApiError error = call.error();
        if (error != null) {
            record.put("error", error.kind().id());
        }
        Usage usage = call.usage();
        if (usage != null) {
            record.put("usage", usage(usage));
            price(call, usage).ifPresent(price -> record.put("price_micro_dollars", price));
        }
        record.put("took_ms", call.took().toMillis());
        return record;
    }

    private static Set<String> tried(List<AttemptReport> attempts) {
        return attempts.stream().map(AttemptReport::target).collect(Collectors.toSet());
    }

    private static Map<String, Object> usage(Usage usage) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("input", usage.input());
        shown.put("cache_read", usage.cacheRead());
        shown.put("cache_write", usage.cacheWrite());
        shown.put("output", usage.output());
        shown.put("estimated", usage.estimated());
        return shown;
    }

    /** What the answer costs by the prices that are known; what is not known is not nothing. */
    private OptionalLong price(Waiting call, Usage usage) {
        Choice choice = call.choice();
        String answered = call.attempts().stream()
                .filter(attempt -> attempt.error() == null && !attempt.cancelled())
                .map(AttemptReport::target)
                .reduce("", (before, next) -> next);
        if (choice == null || answered.isEmpty()) {
            return OptionalLong.empty();
        }
        return choice.attempts().stream()
                .filter(attempt -> attempt.target().name().equals(answered))
                .findFirst()
                .map(attempt -> facts.of(attempt.provider(), attempt.target().model()))
                .map(known -> known.price(usage.input(), usage.cacheRead(), usage.cacheWrite(), usage.output()))
                .orElseGet(OptionalLong::empty);
    }

    private static Map<String, Object> attempt(AttemptReport attempt) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("target", attempt.target());
        shown.put("connection", attempt.connection());
        shown.put("why", attempt.reason().name().toLowerCase(Locale.ROOT));
        shown.put("took_ms", attempt.took().toMillis());
        if (attempt.cancelled()) {
            shown.put("cancelled", true);
        }
        if (!attempt.sent()) {
            shown.put("sent", false);
        }
        ApiError error = attempt.error();
        if (error != null) {
            shown.put("error", error.kind().id());
            shown.put("scope", error.scope().name().toLowerCase(Locale.ROOT));
        }
        return shown;
    }
}
