package io.omniroute.filters.admit;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Ends the gateway without cutting answers: readiness goes down first, running calls get their time, and what is left then
 * ends with an in-stream error. Stops before the web server does.
 */
public final class Drain implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final ApiError RESTARTED = ApiError.upstream(
                    ErrorKind.OVERLOADED, ErrorScope.REQUEST, "the gateway is being restarted; please try again")
            .withCode(ErrorCodes.TERMINATED)
            .withRetryAfter(Duration.ofSeconds(1));
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ApplicationContext context;
    private final Concurrency calls;
    private final DrainProperties settings;
    private volatile @Nullable ApiException expired;
    private volatile boolean begun;
    private volatile Sinks.Empty<Void> expires = Sinks.empty();
    private final AtomicBoolean running = new AtomicBoolean();

    public Drain(ApplicationContext context, Concurrency calls, DrainProperties settings) {
        this.context = context;
        this.calls = calls;
        this.settings = settings;
    }

    /** Whether the gateway is about to end. */
    public boolean hasBegun() {
        return begun;
    }

    /** What running calls fail with once their time is over; {@code null} until then. */
    public @Nullable ApiException expired() {
        return expired;
    }

    /** Fails with that once their time is over; never completes. */
    public Mono<Void> expires() {
        return Mono.defer(() -> expires.asMono());
    }

    @Override
    public void start() {
        if (begun) {
            // an application may be stopped and started again
            calls.open();
            expired = null;
            expires = Sinks.empty();
            begun = false;
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
        }
        running.set(true);
    }

    /** A pause is no end. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        running.set(false);
        begun = true;
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        LOG.info("draining: {} calls are running", calls.current());
        Mono.delay(settings.announce())
                // what comes now would have less and less time
                .doOnNext(over -> calls.close())
                .then(idle(settings.time()))
                .onErrorResume(late -> endWhatIsLeft())
                .doFinally(signal -> done.run())
                .subscribe(over -> {}, failure -> LOG.error("draining has failed", failure));
    }

    @Override
    public boolean isRunning() {
        return running.get();
    }

    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }

    /** Whether this is what calls are ended with that last longer than the drain; no provider has failed then. */
    public static boolean isOf(@Nullable ApiError error) {
        return RESTARTED.equals(error);
    }

    private Mono<Void> endWhatIsLeft() {
        LOG.warn("draining: {} calls did not end in {} and are ended now", calls.current(), settings.time());
        ApiException restarted = RESTARTED.exception();
        expired = restarted;
        expires.tryEmitError(restarted);
        return idle(LAST_WORDS).onErrorComplete(TimeoutException.class);
    }

    private Mono<Void> idle(Duration within) {
        return Flux.interval(Duration.ZERO, LOOK)
                .takeUntil(look -> calls.current() == 0)
                .then()
                .timeout(within);
    }
}
