package io.omniroute.filters.combo;

import io.netty.channel.ConnectTimeoutException;
import io.omniroute.config.Combo;
import io.omniroute.filters.Ending;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.UpstreamFailures;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Ledger;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.Parent;
import io.omniroute.redis.CallThread;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.model.Usage;
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
 * Runs the attempts of a call, each through the rest of the chain, settles what they owe, and tells the call itself, and who learns of their
 * targets, how they ended. One per call; two attempts may run at once.
 */
final class AttemptRunner {

    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;
    private final Call call;
    private final Ledger ledger;
    private final Lessons lessons;
    private final List<String> tried = new ArrayList<>(2);
    private @Nullable Duration soonest;

    AttemptRunner(ServerWebExchange exchange, GatewayFilterChain chain, Call call, Combo combo, Trying trying) {
        this.exchange = exchange;
        this.chain = chain;
        this.call = call;
        this.ledger = trying.ledger();
        this.lessons =
                call.isForCounting() ? Lessons.NONE : new LessonsOfAnswers(exchange, call, combo, trying.learning());
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
    Mono<Void> run(Attempt next, Verdict verdict, Followed followed) {
        // the one before may have ended on a timer's thread
        return CallThread.on(Mono.defer(() -> {
            Entered entered = enter(next, followed.beside());
            return new Over<Void>(verdict::leaves)
                    .of(ledger.open(debt(next, entered.reason()))
                            .flatMap(entry -> run(next, entered, verdict, entry, followed)));
        }));
    }

    private Mono<Void> run(Attempt next, Entered entered, Verdict verdict, Ledger.Entry entry, Followed followed) {
        AttemptExchange attempt = new AttemptExchange(exchange, next, entered.number());
        RunningAttempt running = new RunningAttempt(
                next, attempt, entered.reason(), verdict, entry, System.nanoTime(), new AtomicBoolean());
        attempt.lostIf(followed.lost());
        attempt.onEnd(followed.end());
        attempt.onContent(() -> {
            followed.content().run();
            lessons.content(running);
        });
        lessons.begins(running);
        return new End(running).of(chain.filter(attempt));
    }

    /** How an attempt ends. */
    private final class End extends Ending<Void> {

        private final RunningAttempt running;

        End(RunningAttempt running) {
            this.running = running;
        }

        @Override
        protected void completes() {
            running.settleOnce(() -> answered(running));
            lessons.over(running);
        }

        @Override
        protected Throwable fails(Throwable failure) {
            Throwable told = call.isAnswered() ? failure : asApiException(running.exchange(), failure);
            if (told instanceof ApiException known) {
                running.settleOnce(() -> failed(running, known.error()));
            }
            left(running);
            return told;
        }

        /** After the answer has noted how much of it had left. */
        @Override
        protected void cancelled() {
            left(running);
        }
    }

    private void answered(RunningAttempt running) {
        ApiError brokenOff = outcome().map(Outcome::error).orElse(null);
        report(running, brokenOff, false);
        if (call.isForCounting()) {
            running.entry().release();
        } else {
            running.entry().settle(outcome().map(Outcome::usage).orElseGet(this::asked));
        }
        lessons.answered(running, brokenOff);
    }

    private void failed(RunningAttempt running, ApiError error) {
        report(running, error, false);
        if (error.kind() == ErrorKind.TIMEOUT && !call.isForCounting()) {
            // what was asked may be paid for, although nobody has waited for the answer
            settle(running, asked());
        } else {
            running.entry().release();
        }
        lessons.failed(running, error);
        Duration wait = error.retryAfter();
        if (wait != null) {
            asksToWait(wait);
        }
    }

    /** Ended by something that says nothing of the target: the client, another attempt, a fault of the gateway's own. */
    private void left(RunningAttempt running) {
        lessons.over(running);
        if (hasHadAll(running)) {
            running.settleOnce(() -> answered(running));
        }
        running.settleOnce(() -> {
            report(running, null, true);
            Optional<Outcome> known = call.isAnsweredBy(running.exchange()) ? outcome() : Optional.empty();
            settle(running, known.map(Outcome::usage).orElseGet(this::asked));
            lessons.left(running);
        });
        running.exchange().dispose();
    }

    /** Clients that close the connection behind the terminator of their stream have had the answer. */
    private boolean hasHadAll(RunningAttempt running) {
        return call.isAnsweredBy(running.exchange())
                && outcome()
                        .filter(outcome -> outcome.completion() == Outcome.Completion.COMPLETE)
                        .isPresent();
    }

    /** What never left for the provider is not paid for. */
    private static void settle(RunningAttempt running, Usage usage) {
        if (running.exchange().isSent()) {
            running.entry().settle(usage);
        } else {
            running.entry().release();
        }
    }

    /** How the answer that left for the client has ended. */
    private Optional<Outcome> outcome() {
        return ExchangeAttributes.find(exchange, Outcome.class);
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

    private synchronized void asksToWait(Duration time) {
        soonest = soonest == null || time.compareTo(soonest) < 0 ? time : soonest;
    }

    private void report(RunningAttempt running, @Nullable ApiError error, boolean cancelled) {
        Attempt attempt = running.attempt();
        call.tried(new AttemptReport(
                attempt.target().name(),
                attempt.connection().id(),
                running.reason(),
                running.startedAt(),
                running.took(),
                error,
                cancelled,
                running.exchange().isSent()));
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
