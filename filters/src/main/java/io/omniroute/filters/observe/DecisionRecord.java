package io.omniroute.filters.observe;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.combo.Choice;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import tools.jackson.core.JsonGenerator;

/**
 * How a call was decided, without what it is about: the body of a request must not wait here.
 *
 * @param attempts in the order in which they began
 * @param parts the ids of the calls that it was composed of
 * @param partOf the id of the call that it is a part of
 */
record DecisionRecord(
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

    private static final int VERSION = 1;
    private static final int CANDIDATES_OF_A_RECORD = 8;
    /** Of how many candidates a record tells, beside those that were tried. */
    private static final int MOST_CANDIDATES = 50;

    /** The record of a call; empty for one that was refused before anything was chosen and whose caller is not known. */
    static Optional<DecisionRecord> of(EndedCall ended, Instant at) {
        ServerWebExchange exchange = ended.exchange();
        Optional<Choice> choice = ExchangeAttributes.find(exchange, Choice.class);
        Optional<ApiKey> key = ExchangeAttributes.find(exchange, Caller.class).map(Caller::key);
        if (ended.call().isEmpty() || (choice.isEmpty() && key.isEmpty())) {
            return Optional.empty();
        }
        Call call = ended.call().get();
        List<AttemptReport> attempts = new ArrayList<>(call.attempts());
        attempts.sort(AttemptReport.AS_BEGUN);
        return Optional.of(new DecisionRecord(
                ended.id().own(),
                at,
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

    /** How much it takes of the bound of all that wait: more where there were many candidates. */
    int weight() {
        return 1 + (choice == null ? 0 : choice.attempts().size() / CANDIDATES_OF_A_RECORD);
    }

    /**
     * Writes it as an object.
     *
     * @param facts know the prices
     */
    void write(JsonGenerator out, KnownFacts facts) {
        out.writeStartObject();
        out.writeNumberProperty("v", VERSION);
        out.writeStringProperty("request_id", id);
        out.writeStringProperty("at", at.toString());
        if (key.isPresent()) {
            out.writeStringProperty("key", key.get().id());
            out.writeStringProperty("team", key.get().team());
            out.writeStringProperty("organisation", key.get().organisation());
        }
        out.writeStringProperty("operation", operation);
        out.writeBooleanProperty("stream", stream);
        out.writeStringProperty("asked", asked);
        if (choice != null) {
            choice.write(out, MOST_CANDIDATES, tried(attempts));
        }
        out.writeArrayPropertyStart("attempts");
        for (AttemptReport attempt : attempts) {
            write(attempt, out);
        }
        out.writeEndArray();
        relatives(out);
        if (!waited.isZero()) {
            out.writeNumberProperty("waited_ms", waited.toMillis());
        }
        out.writeNumberProperty("status", status);
        out.writeStringProperty("ending", ending);
        if (error != null) {
            out.writeStringProperty("error", error.kind().id());
        }
        if (usage != null) {
            write(usage, out);
            OptionalLong price = price(usage, facts);
            if (price.isPresent()) {
                out.writeNumberProperty("price_micro_dollars", price.getAsLong());
            }
        }
        out.writeNumberProperty("took_ms", took.toMillis());
        out.writeEndObject();
    }

    private void relatives(JsonGenerator out) {
        if (!passedOver.isEmpty()) {
            out.writeObjectPropertyStart("passed_over");
            new TreeMap<>(passedOver).forEach(out::writeStringProperty);
            out.writeEndObject();
        }
        if (!parts.isEmpty()) {
            out.writeArrayPropertyStart("parts");
            parts.forEach(out::writeString);
            out.writeEndArray();
        }
        partOf.ifPresent(parent -> out.writeStringProperty("part_of", parent));
    }

    private static Set<String> tried(List<AttemptReport> attempts) {
        Set<String> targets = new HashSet<>();
        attempts.forEach(attempt -> targets.add(attempt.target()));
        return targets;
    }

    private static void write(Usage usage, JsonGenerator out) {
        out.writeObjectPropertyStart("usage");
        out.writeNumberProperty("input", usage.input());
        out.writeNumberProperty("cache_read", usage.cacheRead());
        out.writeNumberProperty("cache_write", usage.cacheWrite());
        out.writeNumberProperty("output", usage.output());
        out.writeBooleanProperty("estimated", usage.estimated());
        out.writeEndObject();
    }

    /** What the answer costs by the prices that are known; what is not known is not nothing. */
    private OptionalLong price(Usage used, KnownFacts facts) {
        String answered = attempts.stream()
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
                .map(known -> known.price(used.input(), used.cacheRead(), used.cacheWrite(), used.output()))
                .orElseGet(OptionalLong::empty);
    }

    private static void write(AttemptReport attempt, JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("target", attempt.target());
        out.writeStringProperty("connection", attempt.connection());
        out.writeStringProperty("why", attempt.reason().name().toLowerCase(Locale.ROOT));
        out.writeNumberProperty("took_ms", attempt.took().toMillis());
        if (attempt.cancelled()) {
            out.writeBooleanProperty("cancelled", true);
        }
        if (!attempt.sent()) {
            out.writeBooleanProperty("sent", false);
        }
        ApiError failure = attempt.error();
        if (failure != null) {
            out.writeStringProperty("error", failure.kind().id());
            out.writeStringProperty("scope", failure.scope().name().toLowerCase(Locale.ROOT));
        }
        out.writeEndObject();
    }
}
