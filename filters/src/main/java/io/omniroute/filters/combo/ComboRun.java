package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.UpstreamFailures;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The attempts of one call, one after another until one answers. The next target is tried on every failure that is not the request's
 * own, unless the combo lists the kinds itself, and never after content has left. A target whose answer breaks off before its first
 * content is tried once more, because that is most often the connection's fault. The call's error is the last
 * that another try may not meet, and where there is none, the last one.
 */
final class ComboRun {

    private static final Duration SHORTEST_ADVICE = Duration.ofSeconds(1);

    private final ServerWebExchange exchange;
    private final Call call;
    private final Combo combo;
    private final List<Attempt> attempts;
    private final Fitness fitness;
    private final TargetHealth health;
    private final AttemptRunner runner;
    private final Waits waits;
    private final Pacing pacing;
    private final Rounds rounds;
    private final int mostAttempts;
    private final Failures failures = new Failures();
    /** What was tried a second time because its answer broke off before it had begun. */
    private final Set<String> again = ConcurrentHashMap.newKeySet(2);
    /** Providers of which this call knows that another one tries them. */
    private final Set<String> leftAlone = ConcurrentHashMap.newKeySet(2);
    /** When accounts are to be asked again that were as busy as they may be. */
    private final Map<String, Busy> untilFree = new ConcurrentHashMap<>(2);

    private Candidates candidates;

    /** @param chosen what can be tried, in order, and what of it is known not to be fit for the call */
    ComboRun(ServerWebExchange exchange, GatewayFilterChain chain, Call call, Chosen.InOrder chosen, Trying trying) {
        Choice choice = chosen.choice();
        this.mostAttempts = trying.mostAttempts();
        this.exchange = exchange;
        this.call = call;
        this.combo = choice.combo();
        this.attempts = choice.attempts();
        this.fitness = chosen.fitness();
        this.health = trying.health();
        this.runner = new AttemptRunner(exchange, chain, call, combo, trying);
        this.waits = trying.waits();
        this.pacing = trying.pacing();
        this.rounds = new Rounds(combo.patience());
        this.candidates = new Candidates(attempts, choice.obstacles());
    }

    Mono<Void> start() {
        Duration wait = rounds.first(candidates.untilRested());
        Mono<Void> run =
                wait.isZero() ? first() : waits.of(wait).map(this::again).orElseGet(this::first);
        return new Over<Void>(this::passedOver).of(run);
    }

    private void passedOver() {
        call.passedOver(candidates.excluded());
    }

    private Mono<Void> again(Mono<Long> wait) {
        long begun = System.nanoTime();
        return wait.flatMap(waited -> {
            call.waited(Duration.ofNanos(System.nanoTime() - begun));
            candidates = candidatesNow();
            leftAlone.clear();
            failures.clear();
            return first();
        });
    }

    private Candidates candidatesNow() {
        return new Candidates(attempts, Obstacles.of(attempts, health, fitness));
    }

    private Mono<Void> first() {
        Attempt first = candidates.next();
        return first == null ? Mono.error(new IllegalStateException("a call without anything to try")) : attempt(first);
    }

    /**
     * Tries a target, unless its provider is left alone and another call tries it again; with nothing else left it is tried anyway, and
     * its breaker is told nothing.
     */
    private Mono<Void> attempt(Attempt next) {
        String provider = next.provider().id();
        ProviderBreakers breakers = health.breakers();
        if (breakers.isClosed(provider)) {
            return attempt(next, breakers.begin(provider));
        }
        if (call.isForCounting()) {
            return attempt(next, Verdict.none()); // says nothing of answers, so it is no probe
        }
        if (leftAlone.contains(provider) && !candidates.isEmpty()) {
            return attempt(unlessLeftAlone(next));
        }
        return breakers.probe(provider, call.id().own())
                .map(verdict -> attempt(next, verdict))
                .defaultIfEmpty(Mono.defer(() -> {
                    leftAlone.add(provider);
                    if (candidates.isEmpty()) {
                        return attempt(next, Verdict.none());
                    }
                    candidates.spare(next, ProviderBreakers.OPEN);
                    return attempt(Objects.requireNonNull(candidates.next(), "a candidate"));
                }))
                .flatMap(attempt -> attempt);
    }

    /** The next whose provider is not left alone, or the last that there is. */
    private Attempt unlessLeftAlone(Attempt alone) {
        Attempt next = alone;
        while (leftAlone.contains(next.provider().id()) && !candidates.isEmpty()) {
            candidates.spare(next, ProviderBreakers.OPEN);
            next = Objects.requireNonNull(candidates.next(), "a candidate");
        }
        return next;
    }

    /** What a try holds of its account is given back before anything else is tried. */
    private Mono<Void> attempt(Attempt next, Verdict verdict) {
        Optional<Duration> hedge = mayHedge() ? combo.patience().hedgeAfter() : Optional.empty();
        Mono<Void> once = hedge.isEmpty()
                ? pacing.now(next, done -> runner.run(next, verdict, AttemptRunner.Followed.alone(done)))
                : hedged(next, verdict, hedge.get());
        // one that lost its race before it was sent has nothing to say of its provider
        return new Over<Void>(verdict::leaves).of(once).onErrorResume(failure -> switch (failure) {
            case Busy busy -> insteadOf(next, busy);
            case HedgeRace.Lost lost -> next(lost.attempt(), lost.failure());
            case ApiException known -> next(next, known);
            default -> Mono.error(failure);
        });
    }

    /** An account that is as busy as it may be is waited for only where there is no other; of several, the one that is free soonest. */
    private Mono<Void> insteadOf(Attempt busy, Busy until) {
        untilFree.put(busy.name(), until);
        Attempt other = candidates.insteadOf(busy);
        if (other != null) {
            return attempt(other);
        }
        Attempt soonest = candidates.toWaitFor(busy, this::untilFree);
        return queued(soonest, untilFree.getOrDefault(soonest.name(), until));
    }

    private long untilFree(Attempt attempt) {
        Busy until = untilFree.get(attempt.name());
        return until == null ? Long.MAX_VALUE : pacing.expected(attempt, until).toNanos();
    }

    private Mono<Void> queued(Attempt busy, Busy until) {
        String provider = busy.provider().id();
        ProviderBreakers breakers = health.breakers();
        Mono<Verdict> judged = Mono.defer(() -> breakers.isClosed(provider)
                ? Mono.just(breakers.begin(provider))
                : breakers.probe(provider, call.id().own()).defaultIfEmpty(Verdict.none()));
        return pacing.queued(
                        busy,
                        until,
                        done -> judged.flatMap(verdict -> new Over<Void>(verdict::leaves)
                                .of(runner.run(busy, verdict, AttemptRunner.Followed.alone(done)))),
                        call::waited)
                .onErrorResume(failure -> switch (failure) {
                    case Busy still -> saturated(busy, still);
                    case ApiException known -> next(busy, known);
                    default -> Mono.error(failure);
                });
    }

    private Mono<Void> saturated(Attempt attempt, Busy until) {
        candidates.exclude(attempt, Candidates.SATURATED);
        Attempt other = candidates.next();
        Duration wait = until.time().compareTo(SHORTEST_ADVICE) < 0 ? SHORTEST_ADVICE : until.time();
        return other != null
                ? attempt(other)
                : Mono.error(exhausted(ApiError.upstream(
                                ErrorKind.OVERLOADED,
                                ErrorScope.REQUEST,
                                "every target of \"" + combo.name() + "\" is as busy as it may be")
                        .withCode(Candidates.SATURATED)
                        .withRetryAfter(wait)
                        .exception()));
    }

    /** Another target runs beside this one if it is silent for a while; it does not wait for its account. */
    private Mono<Void> hedged(Attempt first, Verdict verdict, Duration after) {
        AtomicBoolean begun = new AtomicBoolean();
        HedgeRace race = new HedgeRace(
                after,
                running -> mayTryMore() ? candidates.beside(running, health.breakers()) : null,
                (attempt, onContent, lost) -> pacing.now(
                        attempt,
                        done -> runner.run(
                                attempt,
                                attempt == first && begun.compareAndSet(false, true)
                                        ? verdict
                                        : health.breakers()
                                                .begin(attempt.provider().id()),
                                new AttemptRunner.Followed(onContent, done, lost, attempt != first))),
                failure -> new FallBack(combo).isFor(failure.error()),
                (attempt, failure) -> {
                    if (failure instanceof ApiException known) {
                        failed(attempt, known);
                    } else {
                        candidates.postpone(attempt);
                    }
                },
                (attempt, failure) -> mayTryMore() && isTriedAgain(attempt, failure));
        return race.run(first);
    }

    /** What a provider does beside the answer must not be done twice. */
    private boolean mayHedge() {
        return call.endpoint().operation() == Operation.CHAT
                && call.head().hostedTools().isEmpty();
    }

    private Mono<Void> next(Attempt failed, ApiException failure) {
        boolean breaksOff = !call.isAnswered() && failure.error().scope() != ErrorScope.REQUEST;
        if (breaksOff && mayTryMore() && isTriedAgain(failed, failure)) {
            return attempt(failed); // the same target, about which fall-back-on says nothing
        }
        boolean goesOn = new FallBack(combo).isFor(failure.error());
        if (call.isAnswered()) {
            return Mono.error(failure);
        }
        if (!goesOn) {
            return Mono.error(exhausted(failure));
        }
        ApiException told = failed(failed, failure);
        if (!mayTryMore()) {
            return Mono.error(exhausted(told));
        }
        Attempt next = candidates.beforeLastResort();
        return next == null ? anotherRound(told) : attempt(next);
    }

    private ApiException failed(Attempt attempt, ApiException failure) {
        candidates.failed(attempt, failure.error());
        return failures.add(failure);
    }

    private Mono<Void> anotherRound(ApiException failure) {
        Duration untilRested = candidatesNow().untilRested();
        // what rests for a while was not even tried
        return rounds.next(failure.error(), untilRested, failures.mayRecover() || untilRested.isPositive())
                .flatMap(waits::of)
                .map(this::again)
                .orElseGet(() -> lastResort(failure));
    }

    /** What rests is tried only where the call does not go on, when it would have rested. */
    private Mono<Void> lastResort(ApiException failure) {
        Attempt resting = candidates.next();
        return resting == null ? Mono.error(exhausted(failure)) : attempt(resting);
    }

    private ApiException exhausted(ApiException last) {
        return new Exhaustion(exchange, call, combo, runner, health).told(last, candidates);
    }

    private boolean mayTryMore() {
        return runner.tried().size() < mostAttempts;
    }

    /**
     * An answer that breaks off before it has begun is asked for once more at the same account; and so is one that never came on a
     * connection that was kept, where nobody else could give it.
     */
    private boolean isTriedAgain(Attempt failed, ApiException failure) {
        String code = failure.error().code();
        boolean again =
                ErrorCodes.EARLY_END.equals(code) || (UpstreamFailures.KEPT.equals(code) && !candidates.hasReady());
        return again && this.again.add(failed.name());
    }
}
