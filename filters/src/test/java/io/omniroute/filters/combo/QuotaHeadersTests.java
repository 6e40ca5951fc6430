package io.omniroute.filters.combo;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.redis.routing.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What answers tell of limits. */
class QuotaHeadersTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void readsSharesOfSubscriptions() {
        assertThat(read(Map.of(
                        "anthropic-ratelimit-unified-5h-utilization",
                        "0.25",
                        "anthropic-ratelimit-unified-5h-reset",
                        Long.toString(NOW.getEpochSecond() + 600),
                        "anthropic-ratelimit-unified-7d-utilization",
                        "1.2",
                        "anthropic-ratelimit-unified-7d-reset",
                        Long.toString(NOW.getEpochSecond() + 6_000))))
                .containsExactly(
                        new Quota("5h", 0.75, NOW.plusSeconds(600), Duration.ofHours(5)),
                        new Quota("7d", 0, NOW.plusSeconds(6_000), Duration.ofDays(7)));
        assertThat(read(Map.of(
                        "x-codex-primary-used-percent", "40",
                        "x-codex-primary-reset-after-seconds", "120",
                        "x-codex-primary-window-minutes", "300")))
                .containsExactly(new Quota("5h", 0.6, NOW.plusSeconds(120), Duration.ofHours(5)));
    }

    @Test
    void readsNumbers() {
        assertThat(read(Map.of(
                        "x-ratelimit-limit-requests", "60",
                        "x-ratelimit-remaining-requests", "15",
                        "x-ratelimit-reset-requests", "30s",
                        "anthropic-ratelimit-tokens-limit", "80000",
                        "anthropic-ratelimit-tokens-remaining", "80000",
                        "anthropic-ratelimit-tokens-reset", "2026-11-21T12:00:10Z")))
                .containsExactly(
                        new Quota("requests", 0.25, NOW.plusSeconds(30), Duration.ofMinutes(1)),
                        new Quota("tokens", 1, NOW.plusSeconds(10), Duration.ofMinutes(1)));
    }

    @Test
    void readsNothingOutOfNonsense() {
        assertThat(read(Map.of(
                        "x-codex-primary-used-percent", "1",
                        "x-codex-primary-reset-after-seconds", "1e17",
                        "x-codex-primary-window-minutes", "1e300")))
                .allSatisfy(quota -> assertThat(quota.resets()).isBefore(NOW.plus(Duration.ofDays(401))));
        assertThat(read(Map.of())).isEmpty();
        assertThat(read(Map.of(
                        "x-ratelimit-limit-requests", "0",
                        "x-ratelimit-remaining-requests", "-1",
                        "x-ratelimit-reset-requests", "soon",
                        "anthropic-ratelimit-unified-5h-utilization", "NaN",
                        "x-codex-primary-used-percent", "many")))
                .isEmpty();
    }

    private static List<Quota> read(Map<String, String> headers) {
        return QuotaHeaders.read(headers::get, NOW);
    }
}
