package io.omniroute.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.QueryTimeoutException;
import reactor.core.publisher.Mono;

/**
 * What every call to Redis goes through: a deadline, and a breaker that answers at once while Redis is away. Recovery is
 * tried every half second. That Redis refuses one thing does not keep others from being asked. Thread-safe.
 */
public final class RedisGuard {

    private static final Logger LOG = LoggerFactory.getLogger(RedisGuard.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /** Where Reactor asks who hears of failures that nobody waits for any more; else they are errors in the log. */
    private static final String LATE_FAILURES = "reactor.onErrorDropped.local";

    private static final Consumer<Throwable> LATE =
            failure -> LOG.debug("a call to Redis failed after its deadline: {}", failure.toString());

    private final Duration deadline;
    private final FirstConnection first;
    private final CircuitBreaker breaker;
    private final Refusals refusals = new Refusals(System::nanoTime);

    /** A guard of calls whose connection is there, or is made elsewhere. */
    public RedisGuard(Duration deadline) {
        this(deadline, FirstConnection.isThere());
    }

    /** @param deadline how long one call to Redis may take; the very first ones, which make the connection, may take 2 s */
    RedisGuard(Duration deadline, FirstConnection first) {
        this.deadline = deadline;
        this.first = first;
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
                        .recordException(failure -> !isAnswer(failure))
                        .waitDurationInOpenState(PAUSE)
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .build());
    }

    /** The call with its deadline, refused at once while the breaker is open; its signals come on the {@link CallThread}, if there is one. */
    public <T> Mono<T> call(Mono<T> redis) {
        return Mono.defer(() -> first.isMade() ? redis.timeout(deadline) : connecting(redis))
                .doOnError(refusals::note)
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transform(CallThread::back)
                .contextWrite(context -> context.put(LATE_FAILURES, LATE));
    }

    /** Completes when there is a connection, or was one that is made anew if it is lost; fails with why there is none. */
    Mono<Void> connected() {
        return first.made();
    }

    /** What Redis refuses at the moment, although it is there. */
    public Refusals refusals() {
        return refusals;
    }

    /** Why Redis cannot be asked, in the innermost words: those around it say only that it cannot. */
    public static String reason(Throwable failure) {
        Throwable reason = NestedExceptionUtils.getMostSpecificCause(failure);
        return reason.getClass().getSimpleName() + ": " + reason.getMessage();
    }

    /** Whether nothing was answered in time; the client has a deadline of its own. */
    public static boolean isLate(Throwable failure) {
        return failure instanceof TimeoutException || failure instanceof QueryTimeoutException;
    }

    /** Whether Redis has answered, with an error other than that it can answer nothing. */
    public static boolean isAnswer(Throwable failure) {
        return ErrorReply.of(failure).filter(ErrorReply::isAnswer).isPresent();
    }

    private <T> Mono<T> connecting(Mono<T> redis) {
        Duration longer = deadline.compareTo(CONNECTING) > 0 ? deadline : CONNECTING;
        return first.made().then(redis).timeout(longer);
    }

    /** Whether calls are let through at the moment. */
    public boolean letsThrough() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
