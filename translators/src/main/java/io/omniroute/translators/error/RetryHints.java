package io.omniroute.translators.error;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a provider's response headers how long to wait: {@code retry-after-ms}, then {@code retry-after} in seconds
 * or as an HTTP date (RFC 9110, section 10.2.3).
 */
public final class RetryHints {

    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryHints() {}

    /**
     * The wait that the headers ask for, at most a day, or {@code null} where they say nothing that can be read.
     *
     * @param headers the first value of a response header by its lower-case name, or {@code null}
     */
    public static @Nullable Duration retryAfter(UnaryOperator<@Nullable String> headers, Instant now) {
        Duration wait = millis(headers.apply("retry-after-ms"));
        if (wait == null) {
            wait = secondsOrDate(headers.apply("retry-after"), now);
        }
        if (wait == null || wait.isNegative()) {
            return null;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static @Nullable Duration millis(@Nullable String value) {
        Double number = number(value);
        return number == null ? null : Duration.ofMillis(number.longValue());
    }

    private static @Nullable Duration secondsOrDate(@Nullable String value, Instant now) {
        Double seconds = number(value);
        if (seconds != null) {
            return Duration.ofMillis((long) (seconds * 1000));
        }
        if (value == null) {
            return null;
        }
        try {
            return Duration.between(now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    private static @Nullable Double number(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            double number = Double.parseDouble(value.trim());
            return Double.isFinite(number) && number >= 0 ? number : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
