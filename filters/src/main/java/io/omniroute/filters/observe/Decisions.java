package io.omniroute.filters.observe;

import io.omniroute.config.KnownFacts;
import io.omniroute.redis.PeriodicExchange;
import io.omniroute.redis.routing.RoutingStore;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps how every call was decided: what could have been tried, what rested and why, what was tried, how long each try took and how
 * it ended. No prompt, no answer, no key. Nobody waits for it: records are written together, ten times a second, and again where that
 * failed. Those beyond a bound are lost. Thread-safe.
 */
public final class Decisions extends PeriodicExchange {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    /** Short enough that few records outlive a young collection: those that do make the old one run all the time. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final int MOST_WAITING = 10_000;
    private static final int AT_ONCE = 500;
    private static final int USUAL_LENGTH = 1_024;
    private static final int MOST_CHARACTERS = 1_000_000;

    private final Queue<DecisionRecord> waiting = new ConcurrentLinkedQueue<>();
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
        if (!settings.keep().isZero()) {
            DecisionRecord.of(ended, clock.instant()).ifPresent(this::add);
        }
    }

    private void add(DecisionRecord record) {
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
            List<DecisionRecord> taken = new ArrayList<>();
            int characters = 0;
            for (DecisionRecord next = next(); next != null; next = next()) {
                taken.add(next);
                String written = written(next);
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

    private @Nullable DecisionRecord next() {
        DecisionRecord next = waiting.poll();
        if (next != null) {
            count.addAndGet(-next.weight());
        }
        return next;
    }

    private String written(DecisionRecord record) {
        StringWriter written = new StringWriter(USUAL_LENGTH);
        try (JsonGenerator out = json.createGenerator(written)) {
            record.write(out, facts);
        }
        return written.toString();
    }

    private Mono<Void> lost(Throwable away) {
        LOG.debug("decisions could not be kept: {}", away.toString());
        return goOn(away);
    }
}
