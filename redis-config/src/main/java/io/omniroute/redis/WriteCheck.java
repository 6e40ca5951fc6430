package io.omniroute.redis;

import java.time.Duration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;

/** Writes something small every few seconds, so that a Redis that takes no writes is known before a write matters, and one that does again. */
public final class WriteCheck extends PeriodicExchange {

    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public WriteCheck(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        super(PERIOD, PERIOD);
        this.redis = redis;
        this.guard = guard;
    }

    /** Writes it once; fails with why it cannot be written. */
    public static Mono<Boolean> write(ReactiveStringRedisTemplate redis) {
        return redis.opsForValue().set(RedisKeys.WRITE_CHECK, "1", LIFETIME);
    }

    @Override
    protected Mono<Void> exchange() {
        return guard.call(write(redis))
                .doOnNext(written -> guard.refusals().written())
                .then();
    }
}
