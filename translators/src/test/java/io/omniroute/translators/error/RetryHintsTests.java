package io.omniroute.translators.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryHintsTests {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "retry-after=2, PT2S",
        "retry-after=1.5, PT1.5S",
        "retry-after-ms=250|retry-after=2, PT0.25S",
        "'retry-after=Thu, 01 Jan 2026 12:01:00 GMT', PT1M",
        "'retry-after=Thursday, 01-Jan-26 12:01:00 GMT', PT1M",
        "'retry-after=Thu Jan  1 12:01:00 2026', PT1M",
        "x-ratelimit-reset-requests=6m0s|x-ratelimit-remaining-requests=0|x-ratelimit-reset-tokens=9h|x-ratelimit-remaining-tokens=5, PT6M",
        "x-ratelimit-reset-tokens=20ms, PT0.02S",
        "x-ratelimit-reset-tokens=20s|x-ratelimit-remaining-tokens=149000,",
        "x-ratelimit-reset-tokens=20s|x-ratelimit-remaining-tokens=149000|x-ratelimit-reset-requests=8h, PT8H",
        "x-ratelimit-reset=17|x-ratelimit-remaining=3,",
        "x-ratelimit-reset-requests=1h2m3.5s, PT1H2M3.5S",
        "anthropic-ratelimit-input-tokens-reset=2026-01-01T12:00:30Z|anthropic-ratelimit-input-tokens-remaining=0, PT30S",
        "x-ratelimit-reset=17, PT17S",
        "x-ratelimit-reset=1767268860, PT1M",
        "x-ratelimit-reset=1767268860000, PT1M",
        "ratelimit-reset=3, PT3S",
        "'ratelimit=limit=100, remaining=0, reset=20', PT20S",
        "'ratelimit=limit=100, remaining=7, reset=20',",
        "'ratelimit=\"minute\";r=0;t=20, \"day\";r=5;t=3600', PT20S",
        "'ratelimit=\"a, b\";t=30;r=0', PT30S",
        "x-ratelimit-reset-after=20|x-ratelimit-remaining=0, PT20S",
        "retry-after=999999, PT24H",
        "retry-after=-1,",
        "retry-after=0,",
        "retry-after=0|x-ratelimit-reset=17, PT17S",
        "x-ratelimit-reset-requests=1d, PT24H",
        "x-ratelimit-reset-requests=12e1, PT2M",
        "retry-after=soon,",
        "retry-after=Mon 99 Foo,",
        "x-ratelimit-reset=never,",
        "anthropic-ratelimit-tokens-reset=2020-01-01T00:00:00Z,"
    })
    void readsHeaders(String written, @Nullable Duration wait) {
        Map<String, String> headers = Arrays.stream(written.split("\\|"))
                .map(header -> header.split("=", 2))
                .collect(Collectors.toMap(header -> header[0], header -> header[1]));
        assertThat(RetryHints.retryAfter(headers::get, NOW)).isEqualTo(wait);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Rate limit reached. Please try again in 20s. Visit | PT20S",
                "Please try again in 1m26.4s. | PT1M26.4S",
                "Please try again in 6ms | PT0.006S",
                "Please retry in 34.074824224s. | PT34.074S",
                "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34s\"} | PT34S",
                "{\"retryDelay\": \"1.5s\"} | PT1.5S",
                "Your quota will reset after 2h15m. | PT2H15M",
                "Wait 5 minutes | PT5M",
                "retry after 3 seconds | PT3S",
                "Limit reached; it resets at 2026-01-01T12:00:40Z. | PT40S",
                "Available again after 2026-01-01 12:05:00Z | PT5M",
                "try again later |",
                "wait for it |"
            })
    void readsWords(String message, @Nullable Duration wait) {
        assertThat(RetryHints.inWords(message, NOW)).isEqualTo(wait);
    }
}
