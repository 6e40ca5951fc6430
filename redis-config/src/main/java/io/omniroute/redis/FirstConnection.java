package io.omniroute.redis;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The connection that all calls share, which the client makes for the first who asks, on that one's thread, while all others wait for a
 * lock. So it is made here, on a thread that does nothing else and ends after that, one attempt at a time; once it is there, the client itself makes it anew
 * whenever it is lost. Thread-safe.
 */
final class FirstConnection implements AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final Supplier<ReactiveRedisConnectionFactory> factory;
    private final Scheduler thread =
            Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "redis-connects", IDLE_SECONDS, true);
    private final AtomicReference<@Nullable Mono<Void>> attempt = new AtomicReference<>();
    private volatile boolean made;

    /** @param factory of the connection */
    FirstConnection(Supplier<ReactiveRedisConnectionFactory> factory) {
        this.factory = factory;
    }

    /** One that needs not be made. */
    static FirstConnection isThere() {
        FirstConnection there = new FirstConnection(() -> {
            throw new IllegalStateException("the connection is there");
        });
        there.made = true;
        return there;
    }

    /** Whether it was made once. */
    boolean isMade() {
        return made;
    }

    /** Completes when it was made, at once if that is long ago; fails with why it could not. Who goes before that ends no attempt. */
    Mono<Void> made() {
        return Mono.defer(() -> {
            if (made) {
                return Mono.empty();
            }
            Mono<Void> shared = attempt.updateAndGet(known -> known == null ? attempt() : known);
            return shared == null ? Mono.<Void>empty() : shared;
        });
    }

    private Mono<Void> attempt() {
        return Mono.<Void>fromRunnable(this::make)
                .subscribeOn(thread)
                // before those who wait go on: one of them that tries again must not join this one
                .doOnTerminate(() -> attempt.set(null))
                .cache();
    }

    private void make() {
        factory.get().getReactiveConnection();
        made = true;
    }

    @Override
    public void close() {
        thread.dispose();
    }
}
