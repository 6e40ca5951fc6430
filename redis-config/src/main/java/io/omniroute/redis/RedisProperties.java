package io.omniroute.redis;

import io.omniroute.config.CheckedSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway uses Redis.
 *
 * @param url where it is; see {@link RedisUrl}. Empty leaves it to {@code spring.data.redis.*} or to the embedded one
 * @param sslBundle the bundle that says what a TLS connection trusts; the system's trust if absent
 * @param deadline how long one call to Redis may take
 * @param apiKeys what happens to API keys while Redis is away
 */
@ConfigurationProperties("omniroute.redis")
public record RedisProperties(
        @DefaultValue("") String url,
        @Nullable String sslBundle,
        @DefaultValue("250ms") Duration deadline,
        @DefaultValue ApiKeyProperties apiKeys)
        implements CheckedSettings {

    @Override
    public List<String> problems() {
        return deadline.isZero()
                ? List.of("omniroute.redis.deadline: is 0, so that no call could succeed (expected more than 0)")
                : List.of();
    }

    /**
     * API keys while Redis is away.
     *
     * @param onRedisFailure whether the local copy goes on serving
     * @param maxStaleness for how long it does
     */
    public record ApiKeyProperties(
            @DefaultValue("allow") OnFailure onRedisFailure,
            @DefaultValue("60s") Duration maxStaleness) {

        /** How old the copy may be. */
        Duration staleness() {
            return onRedisFailure == OnFailure.ALLOW ? maxStaleness : Duration.ZERO;
        }
    }

    /** What a store does while Redis is away. */
    public enum OnFailure {
        /** Go on with what is known locally, within bounds. */
        ALLOW,
        /** Refuse with 503 and Retry-After. */
        REFUSE
    }
}
