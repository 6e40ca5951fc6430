package io.omniroute.filters.combo;

import io.omniroute.config.Pace;
import io.omniroute.redis.pacing.Paces;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Runs attempts at the paces of their accounts. What a call holds or waits in is given back when its client leaves. Thread-safe. */
public final class Pacing {

    private static final Duration LONGEST_SLEEP = Duration.ofMillis(500);

    private final Paces paces;
    private final Waits waits;
    /** How many calls of this instance wait for an account. */
    private final Map<String, Integer> queues = new ConcurrentHashMap<>();

    public Pacing(Paces paces, Waits waits) {
        this.paces = paces;
        this.waits = waits;
    }

    /**
     * Runs an attempt if its account is free.
     *
     * @param busy gives what to do instead, from the time after which the account should be asked again
     */
    Mono<Void> now(Attempt attempt, Mono<Void> run, Function<Duration, Mono<Void>> busy) {
        Pace pace = attempt.connection().pace();
        if (pace.isAny()) {
            return run;
        }
        String account = TargetHealth.account(attempt);
        return Mono.usingWhen(
                paces.ask(account, pace),
                answer -> answer.mayGo() ? run : busy.apply(answer.delay()),
                answer -> giveBack(account, answer),
                (answer, failure) -> giveBack(account, answer),
                answer -> giveBack(account, answer));
    }

    /**
     * Runs an attempt when its account is free, and lets it wait for that.
     *
     * @param wait after which time the account should be asked again
     * @param waited is told how long each wait took
     * @param never gives what to do if the queue is full, or the wait too long
     */
    Mono<Void> queued(
            Attempt attempt, Duration wait, Mono<Void> run, Consumer<Duration> waited, Supplier<Mono<Void>> never) {
        Pace pace = attempt.connection().pace();
        String account = TargetHealth.account(attempt);
        return Mono.defer(() -> {
            if (queues.merge(account, 1, Integer::sum) > pace.queue()) {
                leave(account);
                return never.get();
            }
            boolean[] left = new boolean[1];
            Runnable leaves = () -> {
                if (!left[0]) {
                    left[0] = true;
                    leave(account);
                }
            };
            Mono<Void> runs = Mono.defer(() -> {
                leaves.run();
                return run;
            });
            return asleep(attempt, wait, pace.queueTime(), runs, waited, never).doFinally(end -> leaves.run());
        });
    }

    private Mono<Void> asleep(
            Attempt attempt,
            Duration wait,
            Duration left,
            Mono<Void> run,
            Consumer<Duration> waited,
            Supplier<Mono<Void>> never) {
        Duration sleep = shorter(wait, LONGEST_SLEEP);
        Optional<Mono<Long>> reserved = wait.compareTo(left) > 0 ? Optional.empty() : waits.of(sleep);
        return reserved.map(place -> place.flatMap(done -> {
                    waited.accept(sleep);
                    return now(attempt, run, again -> asleep(attempt, again, left.minus(sleep), run, waited, never));
                }))
                .orElseGet(never);
    }

    /** How many calls of this instance wait for an account. */
    public int waiting(String account) {
        return queues.getOrDefault(account, 0);
    }

    private void leave(String account) {
        queues.computeIfPresent(account, (id, count) -> count == 1 ? null : count - 1);
    }

    private Mono<Void> giveBack(String account, Paces.Answer answer) {
        return Mono.fromRunnable(() -> {
            if (!answer.lease().isEmpty()) {
                paces.giveBack(account, answer.lease());
            }
        });
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
