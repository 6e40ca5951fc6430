package io.omniroute.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A secret that all instances share and nobody else knows; the first instance makes it. Read in the background, so that no call waits for
 * it, and again and again: Redis may lose it, and then those that begin later must not have another one than those that run.
 */
public final class DeploymentSecret extends PeriodicExchange {

    private static final int BYTES = 32;
    private static final Duration FIRST = Duration.ZERO;
    private static final Duration PERIOD = Duration.ofSeconds(3);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private volatile @Nullable Secrets secrets;

    /**
     * What is known.
     *
     * @param current the one that is used
     * @param former the one that was used before Redis lost it, if there was one: what it was used for is still in clients' hands
     */
    public record Secrets(byte[] current, byte @Nullable [] former) {}

    public DeploymentSecret(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        super(FIRST, PERIOD);
        this.redis = redis;
        this.guard = guard;
    }

    /** The secrets, once they have been read; must not be changed. */
    public Optional<Secrets> current() {
        return Optional.ofNullable(secrets);
    }

    /** Writes it again if Redis has lost it; takes another one that is there instead, which instances that began meanwhile have. */
    @Override
    protected Mono<Void> exchange() {
        Secrets known = secrets;
        Mono<String> own = known == null
                // random bytes come from a file of the operating system
                ? Mono.fromSupplier(DeploymentSecret::fresh).subscribeOn(Schedulers.boundedElastic())
                : Mono.just(HexFormat.of().formatHex(known.current()));
        return own.flatMap(secret -> guard.call(redis.opsForValue().setIfAbsent(RedisKeys.DEPLOYMENT_SECRET, secret)))
                .then(guard.call(redis.opsForValue().get(RedisKeys.DEPLOYMENT_SECRET)))
                .doOnNext(hex -> take(HexFormat.of().parseHex(hex)))
                .then();
    }

    private void take(byte[] secret) {
        Secrets known = secrets;
        if (known == null) {
            secrets = new Secrets(secret, null);
        } else if (!Arrays.equals(known.current(), secret)) {
            secrets = new Secrets(secret, known.current());
        }
    }

    private static String fresh() {
        byte[] fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        return HexFormat.of().formatHex(fresh);
    }
}
