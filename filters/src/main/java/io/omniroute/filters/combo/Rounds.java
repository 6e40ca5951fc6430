package io.omniroute.filters.combo;

import io.omniroute.config.Patience;
import io.omniroute.translators.error.ApiError;
import java.time.Duration;
import java.util.Optional;

/** When a call is tried once more whose targets have all failed, or all rest. One per call; used by one attempt at a time. */
final class Rounds {

    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final Patience patience;
    private Duration waited = Duration.ZERO;
    private int retried;

    Rounds(Patience patience) {
        this.patience = patience;
    }

    /**
     * How long to wait before anything is tried.
     *
     * @param untilRested how long everything still rests; zero if something does not
     */
    Duration first(Duration untilRested) {
        return mayWait(untilRested) ? wait(untilRested) : Duration.ZERO;
    }

    /**
     * How long to wait before all is tried again; empty if the failure is the call's answer.
     *
     * @param untilRested as for the first try
     * @param mayRecover whether some failure of this round was one that another try a moment later may not meet
     */
    Optional<Duration> next(ApiError failure, Duration untilRested, boolean mayRecover) {
        if (failure.isOfTheRequest()) {
            return Optional.empty();
        }
        if (mayWait(untilRested)) {
            return Optional.of(wait(untilRested));
        }
        return mayRecover && retried++ < patience.retries() ? Optional.of(patience.retryDelay()) : Optional.empty();
    }

    private boolean mayWait(Duration time) {
        return time.isPositive() && waited.plus(time).compareTo(patience.waitForCooldown()) <= 0;
    }

    private Duration wait(Duration time) {
        Duration atLeast = time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
        waited = waited.plus(atLeast);
        return atLeast;
    }
}
