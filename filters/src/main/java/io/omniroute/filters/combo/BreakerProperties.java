package io.omniroute.filters.combo;

import io.omniroute.redis.cooldown.Backoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The breakers of providers.
 *
 * @param enabled whether there are any
 * @param failures after how many failures in a row a provider is left alone
 * @param degraded after how many failures in a row it is called degraded
 * @param reset for how long, before one call tries it again
 * @param resetMost for how long at most, after several times in a row
 * @param resetEven how many times in a row for {@code reset}, before it is doubled
 */
@ConfigurationProperties("omniroute.breakers")
public record BreakerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("12") int failures,
        @DefaultValue("7") int degraded,
        @DefaultValue("30s") Duration reset,
        @DefaultValue("2m") Duration resetMost,
        @DefaultValue("3") int resetEven) {

    Backoff backoff() {
        return new Backoff(reset, resetMost, resetEven);
    }
}
