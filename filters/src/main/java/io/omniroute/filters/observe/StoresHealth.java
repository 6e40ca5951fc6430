package io.omniroute.filters.observe;

import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisProperties;
import io.omniroute.redis.apikey.ApiKeys;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the stores can do what calls need. Without Redis down at once where a store is configured to refuse calls then; where it serves
 * its local copy, down when that may let nobody in any more, or never could. It says how old the copy is.
 */
public final class StoresHealth implements HealthIndicator {

    private final ApiKeys keys;
    private final RedisGuard guard;
    private final RedisProperties settings;

    public StoresHealth(ApiKeys keys, RedisGuard guard, RedisProperties settings) {
        this.keys = keys;
        this.guard = guard;
        this.settings = settings;
    }

    @Override
    public Health health() {
        RedisProperties.ApiKeyProperties apiKeys = settings.apiKeys();
        boolean refuses = apiKeys.onRedisFailure() == RedisProperties.OnFailure.REFUSE;
        boolean lets = keys.isFresh() || (!refuses && keys.isUsable());
        Health.Builder health = lets ? Health.up() : Health.down();
        return health.withDetail("redisAnswers", guard.letsThrough())
                .withDetail("apiKeysFresh", keys.isFresh())
                .withDetail("apiKeysAgeMillis", keys.age().toMillis())
                .withDetail("apiKeysOnRedisFailure", apiKeys.onRedisFailure())
                .build();
    }
}
