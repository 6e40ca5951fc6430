package io.omniroute.filters.combo;

import io.omniroute.config.CheckedSettings;
import io.omniroute.redis.cooldown.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        @DefaultValue("3") int resetEven)
        implements CheckedSettings {

    /** Each provider's breaker has room for that many. */
    private static final int MOST_FAILURES = 1_000;

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!enabled) {
            return problems;
        }
        if (failures < 1 || failures > MOST_FAILURES) {
            problems.add("omniroute.breakers.failures: is " + failures + " (expected 1 to " + MOST_FAILURES
                    + "; enabled: false turns breakers off)");
        }
        if (reset.isZero()) {
            problems.add("omniroute.breakers.reset: is 0 (expected more than 0)");
        }
        return problems;
    }

    Backoff backoff() {
        return new Backoff(reset, resetMost, resetEven);
    }
}
