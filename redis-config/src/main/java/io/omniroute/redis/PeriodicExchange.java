package io.omniroute.redis;

import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Something that is exchanged with Redis again and again while the application runs, one exchange at a time. One that fails is left out;
 * one that takes longer than the period delays the next.
 */
public abstract class PeriodicExchange extends Background {

    private final Duration first;
    private final Duration period;

    /**
     * @param first after which time the first exchange begins
     * @param period between the beginnings of exchanges
     */
    protected PeriodicExchange(Duration first, Duration period) {
        this.first = first;
        this.period = period;
    }

    /** One exchange, subscribed to on a thread of a scheduler; it must not block. */
    protected abstract Mono<Void> exchange();

    @Override
    protected Disposable begin() {
        return goesOn(Flux.interval(first, period)
                .onBackpressureDrop()
                .concatMap(tick -> Mono.defer(this::exchange).onErrorResume(this::goOn), 1));
    }
}
