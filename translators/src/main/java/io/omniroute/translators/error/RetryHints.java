package io.omniroute.translators.error;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long a provider wants to be left alone. Its headers first: {@code retry-after-ms}, {@code retry-after} in seconds or as an
 * HTTP date (RFC 9110, section 10.2.3), and then the end of the limits that are used up, as OpenAI ({@code x-ratelimit-reset-requests:
 * 6m0s}), Anthropic ({@code anthropic-ratelimit-tokens-reset} as a date) and others ({@code x-ratelimit-reset} in seconds, from
 * now or since 1970) write it, and as {@link RateLimitField} has them. Last its words: {@code "retryDelay": "34s"}, {@code try again in 20s},
 * {@code resets at 2026-01-02T03:04:05Z}.
 */
public final class RetryHints {

    /** The three forms of a date in HTTP (RFC 9110, section 5.6.7), of which recipients must take all. */
    private static final List<DateTimeFormatter> HTTP_DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            new DateTimeFormatterBuilder()
                    .appendPattern("EEE MMM ")
                    .padNext(2)
                    .appendPattern("d HH:mm:ss yyyy")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long SINCE_1970 = 1_000_000_000L;
    private static final double MILLIS_SINCE_1970 = 1e12;

    /** Which header says how much is left, by the header that says when a limit ends. */
    private static final Map<String, String> REMAINING = remaining();

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(?:\\.\\d{0,18})?(?:[eE][+-]?\\d{1,2})?");

    private static final Pattern TIME = Pattern.compile(
            "(?:(\\d{1,3})d)?(?:(\\d{1,4})h)?(?:(\\d{1,6})m(?!s))?(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)ms)?");
    private static final Pattern WORDS = Pattern.compile(
            "(?:retry(?:Delay\"?\\s*:\\s*\"| after| in)|try again (?:in|after)|reset(?:s)? (?:after|in)|wait(?: for)?)\\s*"
                    + "(?:about )?([\\d.]+ ?(?:milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|s|m|h|d)(?:[\\d.]+(?:ms|s|m|h)){0,6})\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DATE = Pattern.compile(
            "(?:reset(?:s)?|retry|try again|available|access)[a-z ]{0,20}(?:at|on|after|until)\\s+"
                    + "(\\d{4}-\\d{2}-\\d{2})(?:T| (?:at )?)(\\d{2}:\\d{2})(:\\d{2}(?:\\.\\d{1,9})?)?(?:Z| UTC)",
            Pattern.CASE_INSENSITIVE);

    private RetryHints() {}

    /**
     * The wait that the headers ask for, at most a day, or {@code null} where they say nothing that can be read.
     *
     * @param headers the first value of a response header by its lower-case name, or {@code null}
     */
    public static @Nullable Duration retryAfter(UnaryOperator<@Nullable String> headers, Instant now) {
        Duration wait = asked(headers, now);
        return wait == null ? ends(headers, now) : wait;
    }

    /** The same by {@code retry-after} and {@code retry-after-ms} alone. */
    public static @Nullable Duration asked(UnaryOperator<@Nullable String> headers, Instant now) {
        Duration wait = millis(headers.apply("retry-after-ms"));
        return bounded(wait == null ? secondsOrDate(headers.apply("retry-after"), now) : wait);
    }

    /** The same by the ends of limits alone. */
    public static @Nullable Duration ends(UnaryOperator<@Nullable String> headers, Instant now) {
        return bounded(resets(headers, now));
    }

    /** The wait that a message asks for, at most a day, or {@code null}. */
    public static @Nullable Duration inWords(String message, Instant now) {
        Matcher words = WORDS.matcher(message);
        if (!words.find()) {
            Matcher date = DATE.matcher(message);
            return date.find() ? bounded(until(written(date), now)) : null;
        }
        String time = words.group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll(" ?(?:milliseconds?)$", "ms")
                .replaceAll(" ?(?:seconds?|secs?)$", "s")
                .replaceAll(" ?(?:minutes?|mins?)$", "m")
                .replaceAll(" ?(?:hours?|hrs?)$", "h")
                .replaceAll(" ?(?:days?)$", "d")
                .replace(" ", "");
        return bounded(written(time));
    }

    /** The latest end of the limits that are used up; of those of which nobody says how much is left, where none is. */
    private static @Nullable Duration resets(UnaryOperator<@Nullable String> headers, Instant now) {
        List<Duration> usedUp = new ArrayList<>();
        List<Duration> unknown = new ArrayList<>();
        for (Map.Entry<String, String> limit : REMAINING.entrySet()) {
            Duration end = end(headers.apply(limit.getKey()), now);
            Double left = number(headers.apply(limit.getValue()));
            if (end != null && (left == null || left < 1)) {
                (left == null ? unknown : usedUp).add(end);
            }
        }
        for (RateLimitField limit : RateLimitField.all(headers.apply("ratelimit"))) {
            if (limit.left() == null || limit.left() < 1) {
                (limit.left() == null ? unknown : usedUp).add(limit.end());
            }
        }
        List<Duration> ends = usedUp.isEmpty() ? unknown : usedUp;
        return ends.stream().max(Duration::compareTo).orElse(null);
    }

    private static Map<String, String> remaining() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String limit : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
            names.put("x-ratelimit-reset-" + limit, "x-ratelimit-remaining-" + limit);
            names.put("anthropic-ratelimit-" + limit + "-reset", "anthropic-ratelimit-" + limit + "-remaining");
        }
        for (String limit : List.of("requests", "tokens")) {
            for (String window : List.of("-minute", "-hour", "-day", "-per-minute", "-per-hour", "-per-day")) {
                names.put("x-ratelimit-reset-" + limit + window, "x-ratelimit-remaining-" + limit + window);
            }
        }
        names.put("x-ratelimit-reset", "x-ratelimit-remaining");
        names.put("x-ratelimit-reset-after", "x-ratelimit-remaining");
        names.put("ratelimit-reset", "ratelimit-remaining");
        names.put("anthropic-ratelimit-unified-reset", "anthropic-ratelimit-unified-remaining");
        return Collections.unmodifiableMap(names);
    }

    /** When a limit ends that a header tells of, from now on: a time, seconds from now or since 1970, or a date; {@code null} for nothing. */
    public static @Nullable Duration end(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return null;
        }
        Double number = number(value);
        if (number == null) {
            Duration time = written(value.trim().toLowerCase(Locale.ROOT));
            return time == null ? until(value.trim(), now) : time;
        }
        if (number > MILLIS_SINCE_1970) {
            return Duration.between(now, Instant.ofEpochMilli(number.longValue()));
        }
        return number > SINCE_1970
                ? Duration.between(now, Instant.ofEpochSecond(number.longValue()))
                : Duration.ofMillis((long) (number * 1000));
    }

    private static String written(Matcher date) {
        return date.group(1) + "T" + date.group(2) + (date.group(3) == null ? ":00" : date.group(3)) + "Z";
    }

    private static @Nullable Duration until(String date, Instant now) {
        try {
            return Duration.between(now, Instant.parse(date));
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    /** A time such as {@code 1h2m3.5s}. */
    private static @Nullable Duration written(String time) {
        Matcher parts = TIME.matcher(time);
        if (time.isEmpty() || !parts.matches()) {
            return null;
        }
        double millis = part(parts, 1) * 86_400_000
                + part(parts, 2) * 3_600_000
                + part(parts, 3) * 60_000
                + part(parts, 4) * 1_000
                + part(parts, 5);
        return Duration.ofMillis((long) millis);
    }

    private static double part(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Double.parseDouble(parts.group(group));
    }

    private static @Nullable Duration bounded(@Nullable Duration wait) {
        // who says that nothing is to be waited for says nothing
        if (wait == null || wait.toMillis() < 1) {
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
        for (DateTimeFormatter form : HTTP_DATES) {
            try {
                return Duration.between(now, form.parse(value.strip(), Instant::from));
            } catch (DateTimeException anotherForm) {
                // or no date at all
            }
        }
        return null;
    }

    /** A header that is a number and not below nought, or {@code null}. */
    public static @Nullable Double number(@Nullable String value) {
        return value == null || !NUMBER.matcher(value.trim()).matches()
                ? null
                : (Double) Double.parseDouble(value.trim());
    }
}
