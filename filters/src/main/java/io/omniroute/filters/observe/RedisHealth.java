package io.omniroute.filters.observe;

import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;

/**
 * Whether Redis answers, asked with the deadline of every other call and on nobody's thread, and whether it takes writes. It needs no more
 * rights than calls do.
 */
public final class RedisHealth implements ReactiveHealthIndicator {

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public RedisHealth(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    @Override
    public Mono<Health> health() {
        return guard.call(redis.hasKey(RedisKeys.API_KEY_EPOCH))
                .map(answered -> answers())
                .onErrorResume(away -> Mono.just(Health.down()
                        .withDetail("error", RedisGuard.reason(away))
                        .build()));
    }

    private Health answers() {
        Map<String, String> refused = guard.refusals().current();
        Health.Builder health = guard.refusals().areOfWrites() ? Health.down() : Health.up();
        return refused.isEmpty()
                ? health.build()
                : health.withDetail("refuses", refused).build();
    }
}
