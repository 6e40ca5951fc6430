package io.omniroute.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * A secret that all instances share and nobody else knows; the first instance makes it. Read once, in the background, so that
 * no call waits for it.
 */
public final class DeploymentSecret implements SmartLifecycle {

    private static final int BYTES = 32;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private final Disposable.Swap reading = Disposables.swap();
    private volatile byte @Nullable [] secret;
    private volatile boolean running;

    public DeploymentSecret(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /** The secret, once it has been read; must not be changed. */
    public Optional<byte[]> current() {
        return Optional.ofNullable(secret);
    }

    @Override
    public void start() {
        running = true;
        // random bytes come from a file of the operating system
        reading.update(Mono.defer(this::read)
                .subscribeOn(Schedulers.boundedElastic())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LONGEST_PAUSE))
                .subscribe(hex -> secret = HexFormat.of().parseHex(hex)));
    }

    @Override
    public void stop() {
        running = false;
        reading.dispose();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private Mono<String> read() {
        byte[] fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        return guard.call(redis.opsForValue()
                        .setIfAbsent(RedisKeys.DEPLOYMENT_SECRET, HexFormat.of().formatHex(fresh)))
                .then(guard.call(redis.opsForValue().get(RedisKeys.DEPLOYMENT_SECRET)));
    }
}
