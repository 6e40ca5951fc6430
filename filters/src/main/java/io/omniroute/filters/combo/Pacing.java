package io.omniroute.filters.combo;

import io.omniroute.config.Pace;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.redis.pacing.Paces;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Runs attempts at the paces of their accounts. What a call holds or waits in is given back when its client leaves. Thread-safe. */
public final class Pacing {

    private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);
    private static final Duration BEHIND_OTHERS = Duration.ofMillis(100);

    private final Paces paces;
    private final Waits waits;
    /** The calls of this instance that wait, by their account. */
    private final Map<String, WaitingLine> lines = new ConcurrentHashMap<>();

    public Pacing(Paces paces, Waits waits) {
        this.paces = paces;
        this.waits = waits;
    }

    /**
     * Runs an attempt if its account is free; fails with {@link Busy} if it is not.
     *
     * @param run makes the attempt, which may give its account back before it has ended
     */
    Mono<Void> now(Attempt attempt, Function<Runnable, Mono<Void>> run) {
        Pace pace = attempt.connection().pace();
        if (pace.isUnlimited()) {
            return run.apply(() -> {});
        }
        String account = attempt.account();
        WaitingLine line = lines.get(account);
        if (line != null && line.size() > 0) {
            // those that wait were first
            Duration delay = line.delay();
            return Mono.error(new Busy(delay.compareTo(BEHIND_OTHERS) > 0 ? delay : BEHIND_OTHERS));
        }
        return holding(
                account,
                ask(account, pace, false)
                        .flatMap(answer -> answer.mayGo() ? Mono.just(answer) : Mono.error(new Busy(answer.delay()))),
                run);
    }

    /**
     * Runs an attempt when its account is free, and lets it wait for that; fails with {@link Busy} if the queue is full, or the wait too
     * long.
     *
     * @param run makes the attempt, which may give its account back before it has ended
     * @param waited is told how long each wait took
     */
    Mono<Void> queued(Attempt attempt, Busy until, Function<Runnable, Mono<Void>> run, Consumer<Duration> waited) {
        Pace pace = attempt.connection().pace();
        String account = attempt.account();
        return Mono.defer(() -> {
            WaitingLine.Place place = new WaitingLine.Place();
            WaitingLine line = enter(account, place, pace, until);
            if (line == null) {
                return Mono.error(until);
            }
            Runnable leaves = () -> leave(account, line, place);
            // while it is queued it holds one place of all that wait, however often it asks
            Mono<Paces.Answer> granted = waits.during(asking(account, line, place, pace, until, waited))
                    .orElseGet(() -> Mono.error(until));
            return holding(account, granted, giveBack -> {
                        leaves.run();
                        return run.apply(giveBack);
                    })
                    .doFinally(end -> leaves.run());
        });
    }

    /** Sleeps and asks until the account is free. */
    private Mono<Paces.Answer> asking(
            String account,
            WaitingLine line,
            WaitingLine.Place place,
            Pace pace,
            Busy until,
            Consumer<Duration> waited) {
        AtomicReference<Duration> next = new AtomicReference<>(until.time());
        AtomicReference<Duration> left = new AtomicReference<>(pace.queueTime());
        return Mono.defer(() -> {
                    Duration wait = Objects.requireNonNull(next.get());
                    if (wait.compareTo(Objects.requireNonNull(left.get())) > 0) {
                        return Mono.<Paces.Answer>error(new Busy(wait));
                    }
                    Duration sleep = wait.compareTo(LONGEST_SLEEP) < 0 ? wait : LONGEST_SLEEP;
                    long begun = System.nanoTime();
                    return place.sleep(sleep)
                            .then(Mono.defer(() -> {
                                Duration slept = Duration.ofNanos(System.nanoTime() - begun);
                                waited.accept(slept);
                                left.updateAndGet(
                                        time -> Objects.requireNonNull(time).minus(slept));
                                return line.mayAsk(place) ? ask(account, pace, true) : Mono.empty();
                            }))
                            .filter(answer -> {
                                next.set(answer.delay());
                                line.told(answer.delay());
                                return answer.mayGo();
                            });
                })
                .repeatWhenEmpty(Integer.MAX_VALUE, again -> again);
    }

    private Mono<Paces.Answer> ask(String account, Pace pace, boolean waits) {
        return paces.ask(account, pace, waits)
                // what nobody takes any more is given back
                .doOnDiscard(Paces.Answer.class, answer -> giveBack(account, answer));
    }

    private Mono<Void> holding(String account, Mono<Paces.Answer> granted, Function<Runnable, Mono<Void>> run) {
        return Mono.usingWhen(
                granted.doOnDiscard(Paces.Answer.class, answer -> giveBack(account, answer)),
                answer -> run.apply(() -> giveBack(account, answer)),
                answer -> Mono.fromRunnable(() -> giveBack(account, answer)),
                (answer, failure) -> Mono.fromRunnable(() -> giveBack(account, answer)),
                answer -> Mono.fromRunnable(() -> giveBack(account, answer)));
    }

    /** How long a call that queued now would wait for its account, as far as this instance knows: those before it go in turns. */
    Duration expected(Attempt attempt, Busy until) {
        Pace pace = attempt.connection().pace();
        Duration turn = until.time().isZero() ? BEHIND_OTHERS : until.time();
        return turn.multipliedBy(1L + waiting(attempt.account()) / atATime(pace));
    }

    private static int atATime(Pace pace) {
        return pace.concurrent() > 0 ? pace.concurrent() : pace.burst();
    }

    /** How many calls of this instance wait for an account. */
    public int waiting(String account) {
        WaitingLine line = lines.get(account);
        return line == null ? 0 : line.size();
    }

    /** The line in which it has a place now; {@code null} if there is none left. */
    private @Nullable WaitingLine enter(String account, WaitingLine.Place place, Pace pace, Busy until) {
        boolean[] entered = new boolean[1];
        WaitingLine line = lines.compute(account, (id, known) -> {
            WaitingLine its = known;
            if (its == null) {
                its = new WaitingLine(atATime(pace));
                its.told(until.time());
            }
            entered[0] = its.enter(place, pace.queue());
            return its.size() == 0 ? null : its;
        });
        return entered[0] ? line : null;
    }

    private void leave(String account, WaitingLine line, WaitingLine.Place place) {
        line.leave(place);
        lines.computeIfPresent(account, (id, known) -> known == line && line.size() == 0 ? null : known);
    }

    private void giveBack(String account, Paces.Answer answer) {
        if (!answer.lease().isEmpty()) {
            paces.giveBack(account, answer.lease());
            WaitingLine line = lines.get(account);
            if (line != null) {
                line.wake();
            }
        }
    }
}
