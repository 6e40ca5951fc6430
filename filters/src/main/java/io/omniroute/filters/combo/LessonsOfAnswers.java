package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a call that wants an answer teaches: the breaker of a provider, what rests, the statistics, the quotas of accounts, who has answered
 * last and who has a session. Thread-safe.
 */
final class LessonsOfAnswers implements Lessons {

    /** What says of later calls that they would fail too, however much of an answer was there. */
    private static final Set<ErrorKind> SAYS_MORE = EnumSet.of(
            ErrorKind.TIMEOUT,
            ErrorKind.RATE_LIMITED,
            ErrorKind.OVERLOADED,
            ErrorKind.UPSTREAM_QUOTA,
            ErrorKind.UPSTREAM_AUTH);

    private final ServerWebExchange exchange;
    private final Call call;
    private final Combo combo;
    private final Learning learning;
    private final TargetHealth health;

    /** @param exchange the call's own */
    LessonsOfAnswers(ServerWebExchange exchange, Call call, Combo combo, Learning learning) {
        this.exchange = exchange;
        this.call = call;
        this.combo = combo;
        this.learning = learning;
        this.health = learning.health();
    }

    @Override
    public void begins(RunningAttempt running) {
        learning.begins(call.catalog(), running.attempt());
    }

    @Override
    public void content(RunningAttempt running) {
        running.verdict().answers();
        health.begins(running.attempt(), running.startedAt());
        learning.limits(running.attempt(), running.exchange().answer());
    }

    @Override
    public void answered(RunningAttempt running, @Nullable ApiError brokenOff) {
        running.verdict().answers();
        ended(running, brokenOff);
        if (brokenOff == null) {
            health.worked(running.attempt(), running.startedAt());
            learning.answered(combo, running.attempt());
            ExchangeAttributes.find(exchange, Stickiness.Held.class)
                    .ifPresent(held -> learning.answered(held, running.attempt()));
        } else if (SAYS_MORE.contains(brokenOff.kind())) {
            rests(running, brokenOff);
        }
    }

    @Override
    public void failed(RunningAttempt running, ApiError error) {
        if (running.exchange().wasHurried()) {
            running.verdict().leaves();
        } else {
            running.verdict().fails(error);
            learning.limits(running.attempt(), running.exchange().answer());
        }
        // a name that its provider does not know, beside many others that perhaps a client has thought of: nobody needs
        // to know more of it
        if (isUnknown(error) && !namesModel(running.attempt(), error)) {
            left(running);
        } else {
            ended(running, error);
            rests(running, error);
        }
    }

    @Override
    public void left(RunningAttempt running) {
        learning.left(call.catalog(), running.attempt());
    }

    private void rests(RunningAttempt running, ApiError error) {
        health.failed(
                running.attempt(),
                error,
                running.exchange().wasHurried(),
                running.startedAt(),
                namesModel(running.attempt(), error));
    }

    /** A failure of the request's own says nothing of the target. */
    private void ended(RunningAttempt running, @Nullable ApiError error) {
        if (error != null && (error.isOfTheRequest() || error.kind() == ErrorKind.TOO_LARGE)) {
            left(running);
            return;
        }
        Duration took = ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::firstContent)
                .orElseGet(running::took);
        learning.ended(call.catalog(), running.attempt(), error != null, took);
    }

    /** Whether the provider says that it has no such model, or none for this account. */
    private static boolean isUnknown(ApiError error) {
        return error.scope() == ErrorScope.MODEL
                && (error.kind() == ErrorKind.NOT_FOUND || error.kind() == ErrorKind.UPSTREAM_AUTH);
    }

    private boolean namesModel(Attempt attempt, ApiError error) {
        return learning.remembers(combo, attempt, isUnknown(error));
    }
}
