package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The attempts of one call, one after another until one answers. The next target is tried on every failure that is not the request's
 * own, unless the combo lists the kinds itself, and never after content has left. A target whose answer breaks off before its first
 * content is tried once more, because that is most often the connection's fault. The last attempt's error is the call's.
 */
final class ComboRun {

    private static final int LONGEST_LIST = 900;
    private static final String EARLY_END = "STREAM_EARLY_EOF";

    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Call call;
    private final Combo combo;
    private final List<Attempt> attempts;
    private final Fitness fitness;
    private final TargetHealth health;
    private final TargetStatistics statistics;
    private final Waits waits;
    private final Rounds rounds;
    private final List<String> tried = new ArrayList<>(2);
    /** What was tried a second time because its answer broke off before it had begun. */
    private final Set<String> again = new HashSet<>(2);

    private Candidates candidates;
    private @Nullable Duration soonest;

    /**
     * @param attempts what can be tried, in order
     * @param fitness what of it is known not to be fit for the call
     */
    ComboRun(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Combo combo,
            List<Attempt> attempts,
            Fitness fitness,
            TargetChooser chooser) {
        this.exchange = exchange;
        this.chain = chain;
        this.call = call;
        this.combo = combo;
        this.attempts = attempts;
        this.fitness = fitness;
        this.health = chooser.health();
        this.statistics = chooser.statistics();
        this.waits = chooser.waits();
        this.rounds = new Rounds(combo.patience());
        this.candidates = new Candidates(attempts, health, fitness);
    }

    Mono<Void> start() {
        Duration wait = rounds.first(candidates.untilRested());
        return wait.isZero() ? first() : waits.of(wait).map(this::again).orElseGet(this::first);
    }

    private Mono<Void> again(Mono<Long> wait) {
        long begun = System.nanoTime();
        return wait.flatMap(waited -> {
            call.waited(Duration.ofNanos(System.nanoTime() - begun));
            candidates = new Candidates(attempts, health, fitness);
            return first();
        });
    }

    private Mono<Void> first() {
        Attempt first = candidates.next();
        return first == null ? Mono.error(new IllegalStateException("a call without anything to try")) : attempt(first);
    }

    /** Tries a target, unless its provider is left alone and another call tries it again; with nothing else left it is tried anyway. */
    private Mono<Void> attempt(Attempt next) {
        String provider = next.provider().id();
        if (health.breakers().isClosed(provider) || candidates.isEmpty()) {
            return attempt(next, health.breakers().begin(provider));
        }
        return health.breakers()
                .mayProbe(provider, next.deadlines().firstContent())
                .flatMap(may -> {
                    if (may) {
                        return attempt(next, health.breakers().begin(provider).probing());
                    }
                    candidates.exclude(next, "breaker-open");
                    return attempt(Objects.requireNonNull(candidates.next(), "a candidate"));
                });
    }

    private Mono<Void> attempt(Attempt next, ProviderBreakers.Verdict verdict) {
        Optional<Duration> hedge = mayHedge() ? combo.patience().hedgeAfter() : Optional.empty();
        return hedge.isEmpty()
                ? run(next, verdict, () -> {}).onErrorResume(ApiException.class, failure -> next(next, failure))
                : hedged(next, verdict, hedge.get());
    }

    /** Another target runs beside this one if it is silent for a while. */
    private Mono<Void> hedged(Attempt first, ProviderBreakers.Verdict verdict, Duration after) {
        HedgeRace race = new HedgeRace(
                after,
                () -> candidates.beside(first, health.breakers()),
                (attempt, onContent) -> run(
                        attempt,
                        attempt == first
                                ? verdict
                                : health.breakers().begin(attempt.provider().id()),
                        onContent),
                failure -> fallsBackOn(failure.error()),
                (attempt, failure) -> candidates.failed(attempt, failure.error()));
        return race.run(first).onErrorResume(HedgeRace.Lost.class, lost -> next(lost.attempt(), lost.failure()));
    }

    /** What a provider does beside the answer must not be done twice. */
    private boolean mayHedge() {
        return call.endpoint().operation() == Operation.CHAT
                && call.head().hostedTools().isEmpty();
    }

    /** One try, which ends with its answer or its failure. */
    private Mono<Void> run(Attempt next, ProviderBreakers.Verdict verdict, Runnable onContent) {
        return Mono.defer(() -> {
            long startedAt = System.nanoTime();
            AttemptExchange attempt = new AttemptExchange(exchange, next, tried.size());
            attempt.onContent(() -> {
                verdict.answers();
                onContent.run();
            });
            tried.add(Candidates.name(next));
            statistics.begins(next.target().name());
            return chain.filter(attempt)
                    .doOnSuccess(done -> {
                        verdict.answers();
                        answered(next, startedAt);
                    })
                    .onErrorMap(failure -> !call.isAnswered(), ComboRun::asApiException)
                    .doOnError(ApiException.class, failure -> {
                        verdict.fails(failure.error());
                        failed(next, startedAt, failure.error());
                    })
                    .doOnCancel(() -> {
                        verdict.leaves();
                        report(next, startedAt, null, true);
                        statistics.left(next.target().name());
                        attempt.dispose();
                    })
                    .doOnError(failure -> {
                        verdict.leaves();
                        attempt.dispose();
                    });
        });
    }

    private void answered(Attempt attempt, long startedAt) {
        ApiError brokenOff = brokenOff();
        report(attempt, startedAt, brokenOff, false);
        ended(attempt, startedAt, brokenOff);
        if (brokenOff == null) {
            health.worked(attempt, startedAt);
            if (combo.targets().size() > 1) {
                combo.all()
                        .filter(one -> one.targets().stream().anyMatch(attempt.target()::isSameAs))
                        .forEach(one ->
                                statistics.answered(one.name(), attempt.target().name()));
            }
        }
    }

    private synchronized void failed(Attempt attempt, long startedAt, ApiError error) {
        report(attempt, startedAt, error, false);
        ended(attempt, startedAt, error);
        health.failed(attempt, error);
        Duration wait = error.retryAfter();
        if (wait != null && (soonest == null || wait.compareTo(soonest) < 0)) {
            soonest = wait;
        }
    }

    /** A failure of the request's own says nothing of the target. */
    private void ended(Attempt attempt, long startedAt, @Nullable ApiError error) {
        String target = attempt.target().name();
        if (error != null && error.scope() == ErrorScope.REQUEST) {
            statistics.left(target);
            return;
        }
        Duration took = ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::firstContent)
                .orElseGet(() -> Duration.ofNanos(System.nanoTime() - startedAt));
        statistics.ended(target, error != null, took);
    }

    private Mono<Void> next(Attempt failed, ApiException failure) {
        if (call.isAnswered() || !fallsBackOn(failure.error())) {
            return Mono.error(failure);
        }
        if (EARLY_END.equals(failure.error().code()) && again.add(Candidates.name(failed))) {
            return attempt(failed);
        }
        candidates.failed(failed, failure.error());
        Attempt next = candidates.next();
        return next == null ? anotherRound(failure) : attempt(next);
    }

    private Mono<Void> anotherRound(ApiException failure) {
        Duration untilRested = new Candidates(attempts, health, fitness).untilRested();
        return rounds.next(failure.error(), untilRested)
                .flatMap(waits::of)
                .map(this::again)
                .orElseGet(() -> Mono.error(exhausted(failure)));
    }

    private boolean fallsBackOn(ApiError error) {
        return combo.fallBackOn()
                .map(kinds -> kinds.contains(ComboGatewayFilterFactory.kindId(error.kind())))
                .orElse(error.scope() != ErrorScope.REQUEST);
    }

    /** The last failure, with what was tried beside it, and the shortest wait that any provider asked for. */
    private ApiException exhausted(ApiException last) {
        if (candidates.poolSize() == 1) {
            return last;
        }
        ApiError error = last.error();
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("x-omniroute-combo-pool-size", Integer.toString(candidates.poolSize()));
        headers.set("x-omniroute-combo-attempted", cut(String.join(", ", tried)));
        if (!candidates.excluded().isEmpty()) {
            headers.set(
                    "x-omniroute-combo-excluded",
                    cut(candidates.excluded().entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining(", "))));
        }
        headers.set("x-omniroute-combo-terminal-reason", ComboGatewayFilterFactory.kindId(error.kind()));
        headers.set("x-omniroute-recovery-action", error.retryAfter() == null ? "retry" : "wait");
        boolean waits = error.kind() == ErrorKind.RATE_LIMITED || error.kind() == ErrorKind.OVERLOADED;
        return waits && soonest != null ? error.withRetryAfter(soonest).exception() : last;
    }

    private static String cut(String list) {
        return list.length() > LONGEST_LIST ? list.substring(0, LONGEST_LIST) : list;
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
