package io.omniroute.redis;

import java.time.Duration;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Something that goes on beside the calls while the application runs. */
public abstract class Background implements SmartLifecycle {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Logger log = LoggerFactory.getLogger(getClass());
    private final Defects defects = new Defects(getClass());
    private final Disposable.Swap work = Disposables.swap();
    private volatile boolean running;

    /** Begins the work; what it gives ends it. */
    protected abstract Disposable begin();

    @Override
    public void start() {
        running = true;
        work.update(begin());
    }

    @Override
    public void stop() {
        running = false;
        work.update(Disposables.disposed());
    }

    /** Begins after the connection to Redis and before anything that serves calls, and ends after the calls that the server still lets end. */
    @Override
    public int getPhase() {
        return 1;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Hear of failures that nobody waits for. */
    protected final Defects defects() {
        return defects;
    }

    /** Goes on after a failure with nothing; a defect of the work itself is in the log. */
    protected final <T> Mono<T> goOn(Throwable failure) {
        return defects.goOn(failure);
    }

    /** Begins work that is to go on as long as the application runs. */
    protected final Disposable goesOn(Flux<?> forever) {
        return forever.subscribe(done -> {}, failure -> log.error("has failed, and does not go on", failure));
    }

    /**
     * What a subscription at Redis brings, which is made again whenever it fails. Making it takes locks of the client, so it is not done on
     * the caller's thread.
     *
     * @param subscribe makes the subscription
     * @param pause before it is made again; longer and longer, up to five seconds
     */
    protected static <T> Flux<T> subscribed(Supplier<? extends Publisher<T>> subscribe, Duration pause) {
        return Flux.defer(subscribe)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorResume(lost -> Flux.error(new IllegalStateException("subscription lost", lost)))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, pause).maxBackoff(LONGEST_PAUSE));
    }
}
