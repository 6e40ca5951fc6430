package io.omniroute.filters.combo;

import io.netty.channel.ConnectTimeoutException;
import io.omniroute.config.Combo;
import io.omniroute.filters.Ending;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Ledger;
import io.omniroute.filters.call.Parent;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.redis.CallThread;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** What says of later calls that they would fail too, however much of an answer was there. */
    private static final Set<ErrorKind> SAYS_MORE = EnumSet.of(
            ErrorKind.TIMEOUT,
            ErrorKind.RATE_LIMITED,
            ErrorKind.OVERLOADED,
            ErrorKind.UPSTREAM_QUOTA,
            ErrorKind.UPSTREAM_AUTH);

    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Call call;
    private final Combo combo;
    private final TargetChooser chooser;
    private final TargetHealth health;
    private final TargetStatistics statistics;
    private final Ledger ledger;
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
        this.ledger = chooser.ledger();
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
     * Who follows a try.
     *
     * @param content is told when its first content leaves for the client
     * @param end is told when its provider has nothing more to do for it; perhaps several times
     * @param lost whether another attempt answers the call
     * @param beside whether it runs beside another that is silent
     */
    record Followed(Runnable content, Runnable end, BooleanSupplier lost, boolean beside) {

        /** One that runs alone. */
        static Followed alone(Runnable end) {
            return new Followed(() -> {}, end, () -> false, false);
        }
    }

    /** One try, which ends with its answer or its failure. */
    Mono<Void> run(Attempt next, ProviderBreakers.Verdict verdict, Followed followed) {
        // the one before may have ended on a timer's thread
        return CallThread.on(Mono.defer(() -> {
            Entered entered = enter(next, followed.beside());
            return new Over<Void>(verdict::leaves)
                    .of(ledger.open(debt(next, entered.reason()))
                            .flatMap(entry -> run(new Running(next, entered, verdict, entry), followed)));
        }));
    }

    private Mono<Void> run(Running running, Followed followed) {
        Attempt next = running.next();
        AttemptExchange attempt =
                new AttemptExchange(exchange, next, running.entered().number());
        attempt.lostIf(followed.lost());
        attempt.onEnd(followed.end());
        attempt.onContent(() -> {
            followed.content().run();
            answers(running.verdict());
            if (!call.isForCounting()) {
                health.begins(next, running.startedAt());
                chooser.learn(next, attempt.answer());
            }
        });
        counted(next).forEach(statistics::begins);
        return new End(running, attempt).of(chain.filter(attempt));
    }

    /** How an attempt ends. */
    private final class End extends Ending<Void> {

        private final Running running;
        private final AttemptExchange attempt;

        End(Running running, AttemptExchange attempt) {
            this.running = running;
            this.attempt = attempt;
        }

        @Override
        protected void completes() {
            answers(running.verdict());
            once(running.settled(), () -> answered(running, attempt));
        }

        @Override
        protected Throwable fails(Throwable failure) {
            Throwable told = call.isAnswered() ? failure : asApiException(attempt, failure);
            if (told instanceof ApiException known) {
                if (attempt.wasHurried() || call.isForCounting()) {
                    running.verdict().leaves();
                } else {
                    running.verdict().fails(known.error());
                    chooser.learn(running.next(), attempt.answer());
                }
                once(running.settled(), () -> failed(running, attempt, known.error()));
            }
            left(running, attempt);
            return told;
        }

        /** After the answer has noted how much of it had left. */
        @Override
        protected void cancelled() {
            left(running, attempt);
        }
    }

    /** A count says nothing of answers, not even that there are some. */
    private void answers(ProviderBreakers.Verdict verdict) {
        if (call.isForCounting()) {
            verdict.leaves();
        } else {
            verdict.answers();
        }
    }

    /** Ended by something that says nothing of the target: the client, another attempt, a fault of the gateway's own. */
    private void left(Running running, AttemptExchange attempt) {
        running.verdict().leaves();
        if (hasHadAll(attempt)) {
            once(running.settled(), () -> answered(running, attempt));
        }
        once(running.settled(), () -> {
            report(running, attempt, null, true);
            settle(running, attempt, outcome(attempt).orElseGet(this::asked));
            counted(running.next()).forEach(statistics::left);
        });
        attempt.dispose();
    }

    /** Clients that close the connection behind the terminator of their stream have had the answer. */
    private boolean hasHadAll(AttemptExchange attempt) {
        return call.isAnsweredBy(attempt)
                && ExchangeAttributes.find(exchange, Outcome.class)
                        .filter(outcome -> outcome.completion() == Outcome.Completion.COMPLETE)
                        .isPresent();
    }

    /** What never left for the provider is not paid for. */
    private static void settle(Running running, AttemptExchange attempt, Usage usage) {
        if (attempt.isSent()) {
            running.entry().settle(usage);
        } else {
            running.entry().release();
        }
    }

    /** What the answer of this attempt used; empty if another one has answered. */
    private Optional<Usage> outcome(Object attempt) {
        return call.isAnsweredBy(attempt)
                ? ExchangeAttributes.find(exchange, Outcome.class).map(Outcome::usage)
                : Optional.empty();
    }

    /** What was asked, where nobody knows more. */
    private Usage asked() {
        return new Usage(call.promptTokens(), 0, 0, 0, 0, true);
    }

    private Ledger.Debt debt(Attempt next, Ledger.Reason reason) {
        return new Ledger.Debt(
                call.id().own(),
                ExchangeAttributes.find(exchange, Parent.class).map(Parent::id),
                ExchangeAttributes.find(exchange, Caller.class).map(Caller::key),
                next.target().name(),
                next.connection().id(),
                reason,
                call::promptTokens);
    }

    /** An end and a cancellation may come at the same time, from two threads. */
    private static void once(AtomicBoolean settled, Runnable settle) {
        if (settled.compareAndSet(false, true)) {
            settle.run();
        }
    }

    /** The model, the account, and both together where some target is the one at the other; a count of tokens says nothing of any. */
    private List<String> counted(Attempt attempt) {
        if (call.isForCounting()) {
            return List.of();
        }
        return chooser.isTarget(call.catalog(), attempt.name())
                ? List.of(attempt.target().name(), attempt.account(), attempt.name())
                : List.of(attempt.target().name(), attempt.account());
    }

    private synchronized Entered enter(Attempt attempt, boolean beside) {
        Ledger.Reason reason = tried.contains(attempt.name())
                ? Ledger.Reason.RETRY
                : beside ? Ledger.Reason.HEDGE : tried.isEmpty() ? Ledger.Reason.FIRST : Ledger.Reason.FALLBACK;
        tried.add(attempt.name());
        return new Entered(tried.size() - 1, reason);
    }

    /**
     * The place of an attempt among those of its call.
     *
     * @param number from 0
     */
    private record Entered(int number, Ledger.Reason reason) {}

    /** An attempt that has begun. */
    private record Running(
            Attempt next,
            Entered entered,
            ProviderBreakers.Verdict verdict,
            Ledger.Entry entry,
            long startedAt,
            AtomicBoolean settled) {

        Running(Attempt next, Entered entered, ProviderBreakers.Verdict verdict, Ledger.Entry entry) {
            this(next, entered, verdict, entry, System.nanoTime(), new AtomicBoolean());
        }
    }

    private synchronized void asksToWait(Duration time) {
        soonest = soonest == null || time.compareTo(soonest) < 0 ? time : soonest;
    }

    private void answered(Running running, AttemptExchange attempt) {
        ApiError brokenOff = brokenOff();
        report(running, attempt, brokenOff, false);
        if (call.isForCounting()) {
            running.entry().release();
        } else {
            running.entry()
                    .settle(ExchangeAttributes.find(exchange, Outcome.class)
                            .map(Outcome::usage)
                            .orElseGet(this::asked));
        }
        ended(running, brokenOff);
        if (brokenOff != null && SAYS_MORE.contains(brokenOff.kind()) && !call.isForCounting()) {
            health.failed(
                    running.next(),
                    brokenOff,
                    attempt.wasHurried(),
                    running.startedAt(),
                    namesModel(running.next(), brokenOff));
        }
        if (brokenOff == null && !call.isForCounting()) {
            health.worked(running.next(), running.startedAt());
            chooser.remember(combo, running.next());
            ExchangeAttributes.find(exchange, Stickiness.Held.class)
                    .ifPresent(held -> chooser.stickiness().answered(held, running.next()));
        }
    }

    private void failed(Running running, AttemptExchange attempt, ApiError error) {
        report(running, attempt, error, false);
        if (error.kind() == ErrorKind.TIMEOUT && !call.isForCounting()) {
            // what was asked may be paid for, although nobody has waited for the answer
            settle(running, attempt, asked());
        } else {
            running.entry().release();
        }
        if (call.isForCounting() || isUnknownName(running.next(), error)) {
            // limits of counting are not those of answering
            counted(running.next()).forEach(statistics::left);
        } else {
            ended(running, error);
            health.failed(
                    running.next(),
                    error,
                    attempt.wasHurried(),
                    running.startedAt(),
                    namesModel(running.next(), error));
        }
        Duration wait = error.retryAfter();
        if (wait != null) {
            asksToWait(wait);
        }
    }

    /** A name that its provider does not know, beside many others that perhaps a client has thought of: nobody needs to know more of it. */
    private boolean isUnknownName(Attempt attempt, ApiError error) {
        return isUnknown(error) && !namesModel(attempt, error);
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

    /** A failure of the request's own says nothing of the target. */
    private void ended(Running running, @Nullable ApiError error) {
        Attempt attempt = running.next();
        if (error != null && (error.isOfTheRequest() || error.kind() == ErrorKind.TOO_LARGE)) {
            counted(attempt).forEach(statistics::left);
            return;
        }
        Duration took = ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::firstContent)
                .orElseGet(() -> Duration.ofNanos(System.nanoTime() - running.startedAt()));
        counted(attempt).forEach(one -> statistics.ended(one, error != null, took));
    }

    /** What failed after content had left, which the client was told in the stream. */
    private @Nullable ApiError brokenOff() {
        return ExchangeAttributes.find(exchange, Outcome.class)
                .map(Outcome::error)
                .orElse(null);
    }

    private void report(Running running, AttemptExchange exchange, @Nullable ApiError error, boolean cancelled) {
        Duration took = Duration.ofNanos(System.nanoTime() - running.startedAt());
        Attempt attempt = running.next();
        call.tried(new AttemptReport(
                attempt.target().name(),
                attempt.connection().id(),
                running.entered().reason(),
                running.startedAt(),
                took,
                error,
                cancelled,
                exchange.isSent()));
    }

    private static Throwable asApiException(AttemptExchange attempt, Throwable failure) {
        if (failure instanceof ConnectTimeoutException) {
            Attempt tried = attempt.attempt();
            attempt.missed(
                    tried.deadlines().connect(), tried.provider().deadlines().connect());
        }
        if (attempt.mayHaveMissedItsProvider() && UpstreamFailures.isEndOfConnection(failure)) {
            return UpstreamFailures.kept();
        }
        return failure instanceof ApiException ? failure : UpstreamFailures.of(failure, attempt.toProvider() != null);
    }
}
