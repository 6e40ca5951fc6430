package io.omniroute.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What every call to Redis goes through: a deadline, and a breaker that answers at once while Redis is away. Recovery is
 * tried every half second. Thread-safe.
 */
public final class RedisGuard {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Duration deadline;
    private final CircuitBreaker breaker;
    private volatile boolean connected;

    /** @param deadline how long one call to Redis may take */
    public RedisGuard(Duration deadline) {
        this.deadline = deadline;
        this.breaker = CircuitBreaker.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        // the default one takes a lock, and event loops count here
                        .slidingWindowSynchronizationStrategy(
                                CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(PAUSE)
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .build());
    }

    /** The call with its deadline, refused at once while the breaker is open. */
    public <T> Mono<T> call(Mono<T> redis) {
        return redis.subscribeOn(connecting())
                .timeout(deadline)
                .doOnSuccess(answer -> connected = true)
                .transformDeferred(CircuitBreakerOperator.of(breaker));
    }

    /** The very first connection is made by the caller's thread, which must not be an event loop; later ones are not. */
    private Scheduler connecting() {
        return connected ? Schedulers.immediate() : Schedulers.boundedElastic();
    }

    /** Whether calls are let through at the moment. */
    public boolean letsThrough() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
