package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
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
    private final TargetChooser chooser;
    private final TargetHealth health;
    private final TargetStatistics statistics;

    /** @param exchange the call's own */
    LessonsOfAnswers(ServerWebExchange exchange, Call call, Combo combo, TargetChooser chooser) {
        this.exchange = exchange;
        this.call = call;
        this.combo = combo;
        this.chooser = chooser;
        this.health = chooser.health();
        this.statistics = chooser.statistics();
    }

    @Override
    public void begins(RunningAttempt running) {
        counted(running.attempt()).forEach(statistics::begins);
    }

    @Override
    public void content(RunningAttempt running) {
        running.verdict().answers();
        health.begins(running.attempt(), running.startedAt());
        chooser.learn(running.attempt(), running.exchange().answer());
    }

    @Override
    public void answered(RunningAttempt running, @Nullable ApiError brokenOff) {
        running.verdict().answers();
        ended(running, brokenOff);
        if (brokenOff == null) {
            health.worked(running.attempt(), running.startedAt());
            chooser.remember(combo, running.attempt());
            ExchangeAttributes.find(exchange, Stickiness.Held.class)
                    .ifPresent(held -> chooser.stickiness().answered(held, running.attempt()));
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
            chooser.learn(running.attempt(), running.exchange().answer());
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
        counted(running.attempt()).forEach(statistics::left);
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
        counted(running.attempt()).forEach(one -> statistics.ended(one, error != null, took));
    }

    /** The model, the account, and both together where some target is the one at the other. */
    private List<String> counted(Attempt attempt) {
        return chooser.isTarget(call.catalog(), attempt.name())
                ? List.of(attempt.target().name(), attempt.account(), attempt.name())
                : List.of(attempt.target().name(), attempt.account());
    }

    /** Whether the provider says that it has no such model, or none for this account. */
    private static boolean isUnknown(ApiError error) {
        return error.scope() == ErrorScope.MODEL
                && (error.kind() == ErrorKind.NOT_FOUND || error.kind() == ErrorKind.UPSTREAM_AUTH);
    }

    /** Whether the model may be remembered as one that rests: those that somebody has declared, and as many others as there is room for. */
    private boolean namesModel(Attempt attempt, ApiError error) {
        return combo.targets().size() > 1
                || attempt.provider().models().containsKey(attempt.target().model())
                || chooser.remembers(attempt.target().name(), isUnknown(error));
    }
}
