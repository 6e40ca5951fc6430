package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.error.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * One attempt, and after a while without content another beside it: the first whose content leaves answers the call, and the other is
 * cancelled. When one of them fails the next takes its place. A failure never wins as long as the other runs, unless it is the first one's and lets the call not go on. One per race; its attempts may run on different threads.
 */
final class HedgeRace {

    /** Runs one attempt. */
    interface Runner {

        /**
         * @param onContent is told when the attempt's first content leaves for the client
         * @param lost whether another attempt answers the call
         */
        Mono<Void> run(Attempt attempt, Runnable onContent, BooleanSupplier lost);
    }

    /** Both have failed, or the only one. */
    static final class Lost extends RuntimeException {

        private static final long serialVersionUID = 1;
        private final transient Attempt attempt;
        private final transient ApiException failure;

        Lost(Attempt attempt, ApiException failure) {
            super("every racer has failed", failure, false, false);
            this.attempt = attempt;
            this.failure = failure;
        }

        /** The last that failed. */
        Attempt attempt() {
            return attempt;
        }

        ApiException failure() {
            return failure;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(HedgeRace.class);

    /** Who hears of a failure that comes when the race is over, under the name by which Reactor asks; else it is an error in the log. */
    private static final Context LATE = Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>)
            failure -> LOG.debug("failed behind the race: {}", failure.toString()));

    private record Racer(Attempt attempt, Disposable.Swap slot, AtomicBoolean lost) {}

    private final Duration after;
    private final Function<List<Attempt>, @Nullable Attempt> other;
    private final Runner runner;
    private final Predicate<ApiException> goesOn;
    private final BiConsumer<Attempt, Throwable> failed;
    private final BiPredicate<Attempt, ApiException> again;
    private final Disposable.Swap timer = Disposables.swap();
    private final AtomicReference<@Nullable Racer> winner = new AtomicReference<>();
    private final List<Racer> racers = new ArrayList<>(2);
    private volatile @Nullable Racer first;
    private @Nullable Lost earlier;
    private final List<Attempt> running = new ArrayList<>(2);
    private boolean over;

    /**
     * @param after how long the first may be silent
     * @param other gives the one to run beside those that run, if there is one
     * @param goesOn whether a failure lets the call go on at all
     * @param failed is told of a failure, or of a busy account, while the other runs or after it has failed
     * @param again whether a failed attempt is made once more, in its own place
     */
    HedgeRace(
            Duration after,
            Function<List<Attempt>, @Nullable Attempt> other,
            Runner runner,
            Predicate<ApiException> goesOn,
            BiConsumer<Attempt, Throwable> failed,
            BiPredicate<Attempt, ApiException> again) {
        this.again = again;
        this.after = after;
        this.other = other;
        this.runner = runner;
        this.goesOn = goesOn;
        this.failed = failed;
    }

    /** Completes when one has answered; fails with {@link Lost} when all have failed, or with what ends the call. */
    Mono<Void> run(Attempt attempt) {
        return Mono.create(sink -> {
            sink.onDispose(() -> leave(null, false));
            Racer racer = enter(attempt);
            first = racer;
            start(racer, sink);
            timer.update(Mono.delay(after).subscribe(due -> second(sink), sink::error));
        });
    }

    private void second(MonoSink<Void> sink) {
        Racer racer;
        synchronized (this) {
            Attempt next = over || running.isEmpty() || winner.get() != null ? null : other.apply(List.copyOf(running));
            if (next == null) {
                return;
            }
            racer = enter(next);
        }
        start(racer, sink);
    }

    private synchronized Racer enter(Attempt attempt) {
        Racer racer = new Racer(attempt, Disposables.swap(), new AtomicBoolean());
        racers.add(racer);
        running.add(attempt);
        return racer;
    }

    private void start(Racer racer, MonoSink<Void> sink) {
        racer.slot()
                .update(runner.run(racer.attempt(), () -> wins(racer), racer.lost()::get)
                        .subscribe(
                                nothing -> {},
                                failure -> failed(racer, failure, sink),
                                () -> {
                                    wins(racer);
                                    sink.success();
                                },
                                LATE.putAll(sink.contextView())));
    }

    private void wins(Racer racer) {
        if (winner.compareAndSet(null, racer)) {
            leave(racer, true);
        }
    }

    private void failed(Racer racer, Throwable failure, MonoSink<Void> sink) {
        @Nullable Throwable end = null;
        @Nullable Racer once = null;
        synchronized (this) {
            running.remove(racer.attempt());
            Racer won = winner.get();
            if (won != null && won != racer) {
                return;
            }
            if (won == null && !over && failure instanceof ApiException known && again.test(racer.attempt(), known)) {
                once = enter(racer.attempt());
                if (racer == first) {
                    first = once;
                }
            } else if (won == null && !running.isEmpty() && !endsAll(racer, failure)) {
                remember(racer, failure);
            } else {
                over = true;
                end = won == null ? ending(racer, failure) : failure;
            }
        }
        if (once != null) {
            start(once, sink);
        } else if (end != null) {
            leave(racer, true);
            sink.error(end);
        } else {
            second(sink);
        }
    }

    /** What the client did wrong is told at once, but not by the second: the first may see it otherwise. */
    private boolean endsAll(Racer racer, Throwable failure) {
        return racer == first && failure instanceof ApiException known && !goesOn.test(known);
    }

    /** Anything else than a failure or a busy account is an attempt that came second at the very end. */
    private void remember(Racer racer, Throwable failure) {
        if (failure instanceof ApiException known) {
            earlier = new Lost(racer.attempt(), known);
        }
        if (failure instanceof ApiException || failure instanceof Busy) {
            failed.accept(racer.attempt(), failure);
        }
    }

    private Throwable ending(Racer racer, Throwable failure) {
        Lost before = earlier;
        if (failure instanceof Busy && before != null) {
            failed.accept(racer.attempt(), failure);
            return before;
        }
        return failure instanceof ApiException known && (goesOn.test(known) || racer != first)
                ? new Lost(racer.attempt(), known)
                : failure;
    }

    /**
     * Cancels all but one.
     *
     * @param lost whether the others end because of that one
     */
    private void leave(@Nullable Racer stays, boolean lost) {
        timer.dispose();
        List<Racer> leaving;
        synchronized (this) {
            over = true;
            leaving = racers.stream().filter(racer -> racer != stays).toList();
        }
        leaving.forEach(racer -> {
            racer.lost().compareAndSet(false, lost);
            racer.slot().dispose();
        });
    }
}
