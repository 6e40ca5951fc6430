package io.omniroute.filters.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.omniroute.filters.call.Ledger;
import io.omniroute.translators.model.Usage;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Counts the tokens of attempts by why they were made, {@code omniroute.attempts.tokens}: what fallbacks, hedges and parts cost beside the
 * calls themselves.
 */
public final class TokenLedger implements Ledger {

    private static final String METER = "omniroute.attempts.tokens";
    private static final String PART = "part";

    /** The counters of a reason. */
    private record Counters(Counter input, Counter output) implements Entry {

        @Override
        public void settle(Usage usage) {
            input.increment(usage.input());
            output.increment(usage.output());
        }

        @Override
        public void release() {
            // nothing to count
        }
    }

    private final Map<String, Counters> counters;

    /** @param meters get all counters at once, so that no call makes one */
    public TokenLedger(MeterRegistry meters) {
        Map<String, Counters> all = new HashMap<>();
        all.put(PART, counters(meters, PART));
        for (Reason reason : Reason.values()) {
            all.put(name(reason), counters(meters, name(reason)));
        }
        this.counters = Map.copyOf(all);
    }

    @Override
    public Mono<Entry> open(Debt debt) {
        boolean part = debt.parent().isPresent() && debt.reason() == Reason.FIRST;
        return Mono.just(Objects.requireNonNull(counters.get(part ? PART : name(debt.reason()))));
    }

    private static Counters counters(MeterRegistry meters, String reason) {
        return new Counters(
                meters.counter(METER, "reason", reason, "direction", "input"),
                meters.counter(METER, "reason", reason, "direction", "output"));
    }

    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
