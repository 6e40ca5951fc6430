package io.omniroute.filters.combo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** The calls that wait for a target, as many as this instance takes at a time. A client that leaves gives its place back. Thread-safe. */
public final class Waits {

    private final int most;
    private final Mono<Void> expires;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param most how many calls may wait at a time
     * @param expires fails when nobody may wait any longer, because the gateway ends
     */
    public Waits(int most, Mono<Void> expires) {
        this.most = most;
        this.expires = expires;
    }

    /** A wait of that time; empty if as many calls wait as may. */
    Optional<Mono<Long>> of(Duration time) {
        return during(Mono.delay(time));
    }

    /** Something that waits, and has its place until it ends; empty if as many calls wait as may. It must be subscribed to at once. */
    <T> Optional<Mono<T>> during(Mono<T> wait) {
        return take()
                ? Optional.of(Mono.firstWithSignal(wait, expires.<T>then(Mono.empty()))
                        .doFinally(end -> waiting.decrementAndGet()))
                : Optional.empty();
    }

    /** How many calls wait. */
    public int current() {
        return waiting.get();
    }

    private boolean take() {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }
}
