package io.omniroute.filters.observe;

import io.omniroute.config.CatalogSource;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorScope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * What this instance last saw of each provider. A matter of interest, not of the gateway's own health: it is always up, and
 * a provider that fails is shown as failing.
 */
public final class ProviderStates implements HealthIndicator {

    private record State(
            long answers,
            long failures,
            int inARow,
            @Nullable String lastError,
            @Nullable Instant since) {

        static final State NONE = new State(0, 0, 0, null, null);
    }

    private final CatalogSource catalog;
    private final UnaryOperator<String> breakers;
    private final InstantSource clock;
    private final Map<String, State> states = new ConcurrentHashMap<>();

    /** @param breakers gives the state of a provider's breaker in a word */
    public ProviderStates(CatalogSource catalog, UnaryOperator<String> breakers, InstantSource clock) {
        this.breakers = breakers;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Notes how an attempt ended. */
    public void note(AttemptReport attempt) {
        if (attempt.cancelled()) {
            return;
        }
        ApiError error = attempt.error();
        states.merge(attempt.provider(), after(State.NONE, error), (before, first) -> after(before, error));
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        catalog.current().providers().keySet().forEach(provider -> health.withDetail(provider, inWords(provider)));
        return health.build();
    }

    private State after(State before, @Nullable ApiError error) {
        if (error != null && error.isOfTheRequest() && error.scope() != ErrorScope.REQUEST) {
            return before; // was never asked
        }
        if (error == null || error.isOfTheRequest()) {
            return new State(before.answers() + 1, before.failures(), 0, before.lastError(), before.since());
        }
        return new State(
                before.answers(),
                before.failures() + 1,
                before.inARow() + 1,
                error.kind().id(),
                clock.instant());
    }

    private Map<String, Object> inWords(String provider) {
        State state = states.getOrDefault(provider, State.NONE);
        Map<String, Object> words = new LinkedHashMap<>();
        boolean unknown = state.answers() + state.failures() == 0;
        words.put("state", unknown ? "unknown" : state.inARow() > 0 ? "failing" : "up");
        words.put("breaker", breakers.apply(provider));
        words.put("answers", state.answers());
        words.put("failures", state.failures());
        if (state.lastError() != null) {
            words.put("lastError", state.lastError());
            words.put("lastErrorAt", String.valueOf(state.since()));
        }
        return words;
    }
}
