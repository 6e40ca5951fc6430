package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Runs the attempts of a call, each through the rest of the chain, and tells the health, the statistics and the call itself how it ended.
 * One per call; two attempts may run at once.
 */
final class AttemptRunner {

    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Call call;
    private final Combo combo;
    private final TargetChooser chooser;
    private final TargetHealth health;
    private final TargetStatistics statistics;
    private final List<String> tried = new ArrayList<>(2);
    private @Nullable Duration soonest;

    AttemptRunner(ServerWebExchange exchange, GatewayFilterChain chain, Call call, Combo combo, TargetChooser chooser) {
        this.exchange = exchange;
        this.chain = chain;
        this.call = call;
        this.combo = combo;
        this.chooser = chooser;
        this.health = chooser.health();
        this.statistics = chooser.statistics();
    }

    /** What was tried, in that order. */
    synchronized List<String> tried() {
        return List.copyOf(tried);
    }

    /** The shortest wait that any provider asked for. */
    synchronized Optional<Duration> soonest() {
        return Optional.ofNullable(soonest);
    }

    /**
     * One try, which ends with its answer or its failure.
     *
     * @param onContent is told when its first content leaves for the client
     * @param lost whether another attempt answers the call
     */
    Mono<Void> run(Attempt next, ProviderBreakers.Verdict verdict, Runnable onContent, BooleanSupplier lost) {
        return Mono.defer(() -> {
            long startedAt = System.nanoTime();
            AtomicBoolean settled = new AtomicBoolean();
            AttemptExchange attempt = new AttemptExchange(exchange, next, enter(next));
            attempt.lostIf(lost);
            attempt.onContent(() -> {
                onContent.run();
                verdict.answers();
                chooser.learn(next, attempt.answer());
            });
            counted(next).forEach(statistics::begins);
            return chain.filter(attempt)
                    .doOnSuccess(done -> {
                        verdict.answers();
                        once(settled, () -> answered(next, startedAt));
                    })
                    .onErrorMap(failure -> !call.isAnswered(), AttemptRunner::asApiException)
                    .doOnError(ApiException.class, failure -> {
                        verdict.fails(failure.error());
                        chooser.learn(next, attempt.answer());
                        once(settled, () -> failed(next, startedAt, failure.error()));
                    })
                    .doOnError(failure -> left(next, verdict, attempt, settled, startedAt))
                    .doOnCancel(() -> left(next, verdict, attempt, settled, startedAt));
        });
    }

    /** Ended by something that says nothing of the target: the client, another attempt, a fault of the gateway's own. */
    private void left(
            Attempt next,
            ProviderBreakers.Verdict verdict,
            AttemptExchange attempt,
            AtomicBoolean settled,
            long startedAt) {
        verdict.leaves();
        once(settled, () -> {
            report(next, startedAt, null, true);
            counted(next).forEach(statistics::left);
        });
        attempt.dispose();
    }

    /** An end and a cancellation may come at the same time, from two threads. */
    private static void once(AtomicBoolean settled, Runnable settle) {
        if (settled.compareAndSet(false, true)) {
            settle.run();
        }
    }

    /** The model, and the account. */
    private static List<String> counted(Attempt attempt) {
        return List.of(attempt.target().name(), attempt.account());
    }

    private synchronized int enter(Attempt attempt) {
        tried.add(attempt.name());
        return tried.size() - 1;
    }

    private synchronized void asksToWait(Duration time) {
        soonest = soonest == null || time.compareTo(soonest) < 0 ? time : soonest;
    }

    private void answered(Attempt attempt, long startedAt) {
        ApiError brokenOff = brokenOff();
        report(attempt, startedAt, brokenOff, false);
        ended(attempt, startedAt, brokenOff);
        if (brokenOff == null) {
            health.worked(attempt, startedAt);
            chooser.remember(combo, attempt);
        }
    }

    private void failed(Attempt attempt, long startedAt, ApiError error) {
        report(attempt, startedAt, error, false);
        ended(attempt, startedAt, error);
        health.failed(attempt, error);
        Duration wait = error.retryAfter();
        if (wait != null) {
            asksToWait(wait);
        }
    }

    /** A failure of the request's own says nothing of the target. */
    private void ended(Attempt attempt, long startedAt, @Nullable ApiError error) {
        if (error != null && error.scope() == ErrorScope.REQUEST) {
            counted(attempt).forEach(statistics::left);
            return;
        }
        Duration took = ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::firstContent)
                .orElseGet(() -> Duration.ofNanos(System.nanoTime() - startedAt));
        counted(attempt).forEach(one -> statistics.ended(one, error != null, took));
    }

    /** What failed after content had left, which the client was told in the stream. */
    private @Nullable ApiError brokenOff() {
        return ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::error)
                .orElse(null);
    }

    private void report(Attempt attempt, long startedAt, @Nullable ApiError error, boolean cancelled) {
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        call.tried(
                new AttemptReport(attempt.target().name(), attempt.connection().id(), took, error, cancelled));
    }

    private static Throwable asApiException(Throwable failure) {
        return failure instanceof ApiException ? failure : UpstreamFailures.of(failure);
    }
}
