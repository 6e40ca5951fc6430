package io.omniroute.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.QueryTimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * What every call to Redis goes through: a deadline, and a breaker that answers at once while Redis is away. Recovery is
 * tried every half second. Thread-safe.
 */
public final class RedisGuard {

    private static final Logger LOG = LoggerFactory.getLogger(RedisGuard.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /** Where Reactor asks who hears of failures that nobody waits for any more; else they are errors in the log. */
    private static final String LATE_FAILURES = "reactor.onErrorDropped.local";

    private static final Consumer<Throwable> LATE =
            failure -> LOG.debug("a call to Redis failed after its deadline: {}", failure.toString());

    /** For how long a connection may answer nothing, before another one is made. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private final Duration deadline;
    private final CircuitBreaker breaker;
    private volatile boolean connected;
    /** Whether a connection was there once: the first one takes its time, and what is there instead of it is to be there at once. */
    private volatile boolean wasConnected;

    /** When the first call of those timed out of which none has been answered since, by the monotonic clock; 0 for none. */
    private final AtomicLong silentSince = new AtomicLong();

    private final Sinks.Many<Long> silences = Sinks.many().multicast().directBestEffort();
    private volatile Runnable reconnect = () -> {};

    /** @param deadline how long one call to Redis may take; the very first ones, which make the connection, may take 2 s */
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

    /** The call with its deadline, refused at once while the breaker is open; its signals come on the {@link CallThread}, if there is one. */
    public <T> Mono<T> call(Mono<T> redis) {
        return Mono.defer(() -> connected ? redis.timeout(deadline) : connecting(redis))
                .doOnSuccess(answered -> silentSince.set(0))
                .doOnError(RedisGuard::isLate, late -> silent())
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transform(CallThread::back)
                .contextWrite(context -> context.put(LATE_FAILURES, LATE));
    }

    /**
     * Has somebody end the connection when nothing has been answered on it for some seconds: a server that has vanished without a word, or
     * stands still, leaves it open for a quarter of an hour, while another one has long taken its place.
     *
     * @param ends returns at once; called at most every few seconds
     */
    public void onSilence(Runnable ends) {
        this.reconnect = ends;
    }

    /** An item whenever the connection is made anew, for those who have connections of their own. */
    Flux<Long> silences() {
        return silences.asFlux();
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

    private void silent() {
        long now = System.nanoTime();
        long since = silentSince.get();
        if (since == 0) {
            silentSince.compareAndSet(0, now == 0 ? 1 : now);
        } else if (now - since > SILENCE.toNanos() && silentSince.compareAndSet(since, 0)) {
            LOG.warn("Redis has not answered for {} s; the connection is made anew", SILENCE.toSeconds());
            connected = false;
            reconnect.run();
            silences.tryEmitNext(since);
        }
    }

    /** A connection is made by the caller's thread, which must not be an event loop. */
    private <T> Mono<T> connecting(Mono<T> redis) {
        Duration longer = wasConnected || deadline.compareTo(CONNECTING) > 0 ? deadline : CONNECTING;
        return redis.subscribeOn(Schedulers.boundedElastic()).timeout(longer).doOnSuccess(answer -> {
            connected = true;
            wasConnected = true;
        });
    }

    /** Whether calls are let through at the moment. */
    public boolean letsThrough() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }
}
