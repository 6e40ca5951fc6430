package io.omniroute.filters.combo;

import io.omniroute.redis.routing.Quota;
import io.omniroute.translators.error.RetryHints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is left of an account's limits from the headers of an answer: the shares of five hours and seven days that Anthropic
 * reports for subscriptions ({@code anthropic-ratelimit-unified-5h-utilization}), those of Codex ({@code x-codex-primary-used-percent}),
 * and the requests and tokens of a minute as OpenAI ({@code x-ratelimit-remaining-requests}) and Anthropic
 * ({@code anthropic-ratelimit-tokens-remaining}) write them.
 */
final class QuotaHeaders {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final double PERCENT = 100;
    private static final List<Share> SHARES =
            List.of(Share.of("5h", Duration.ofHours(5)), Share.of("7d", Duration.ofDays(7)));
    private static final List<Counted> COUNTED = List.of(
            Counted.ofOpenAi("requests"),
            Counted.ofOpenAi("tokens"),
            Counted.ofAnthropic("requests"),
            Counted.ofAnthropic("tokens"));

    private QuotaHeaders() {}

    /**
     * The limits that an answer tells of; none if it tells of none.
     *
     * @param headers the first value of a response header by its lower-case name, or {@code null}
     */
    static List<Quota> read(UnaryOperator<@Nullable String> headers, Instant now) {
        List<Quota> quotas = new ArrayList<>(2);
        SHARES.forEach(share -> share(quotas, share, headers, now));
        codex(quotas, "x-codex-primary", headers, now);
        codex(quotas, "x-codex-secondary", headers, now);
        COUNTED.forEach(limit -> counted(quotas, limit, headers, now));
        return quotas;
    }

    private static void share(List<Quota> quotas, Share share, UnaryOperator<@Nullable String> headers, Instant now) {
        Double used = RetryHints.number(headers.apply(share.used()));
        Duration end = used == null ? null : RetryHints.end(headers.apply(share.reset()), now);
        if (used != null && end != null) {
            quotas.add(new Quota(share.window(), Math.clamp(1 - used, 0, 1), now.plus(end), share.length()));
        }
    }

    private static void codex(List<Quota> quotas, String prefix, UnaryOperator<@Nullable String> headers, Instant now) {
        Double used = RetryHints.number(headers.apply(prefix + "-used-percent"));
        if (used == null) {
            return;
        }
        Double end = RetryHints.number(headers.apply(prefix + "-reset-after-seconds"));
        Double length = RetryHints.number(headers.apply(prefix + "-window-minutes"));
        if (end != null && length != null) {
            Duration window = bounded(MINUTE, length);
            quotas.add(new Quota(
                    named(window),
                    Math.clamp(1 - used / PERCENT, 0, 1),
                    now.plus(bounded(Duration.ofSeconds(1), end)),
                    window));
        }
    }

    private static void counted(
            List<Quota> quotas, Counted limit, UnaryOperator<@Nullable String> headers, Instant now) {
        Double left = RetryHints.number(headers.apply(limit.left()));
        if (left == null) {
            return;
        }
        Double most = RetryHints.number(headers.apply(limit.most()));
        Duration end = RetryHints.end(headers.apply(limit.reset()), now);
        if (most != null && most > 0 && end != null) {
            quotas.add(new Quota(limit.window(), Math.clamp(left / most, 0, 1), now.plus(end), MINUTE));
        }
    }

    /** As much of a unit as a header says, but not for ever. */
    private static Duration bounded(Duration unit, double count) {
        double most = (double) LONGEST.toMillis() / unit.toMillis();
        return unit.multipliedBy((long) Math.min(count, most));
    }

    private static String named(Duration length) {
        return length.toDays() > 0 ? length.toDays() + "d" : length.toHours() + "h";
    }

    /** The headers of a limit that is told as a share. */
    private record Share(String window, Duration length, String used, String reset) {

        static Share of(String window, Duration length) {
            String prefix = "anthropic-ratelimit-unified-" + window;
            return new Share(window, length, prefix + "-utilization", prefix + "-reset");
        }
    }

    /** The headers of a limit that is told in numbers. */
    private record Counted(String window, String left, String most, String reset) {

        static Counted ofOpenAi(String window) {
            String prefix = "x-ratelimit-";
            return new Counted(
                    window, prefix + "remaining-" + window, prefix + "limit-" + window, prefix + "reset-" + window);
        }

        static Counted ofAnthropic(String window) {
            String prefix = "anthropic-ratelimit-" + window;
            return new Counted(window, prefix + "-remaining", prefix + "-limit", prefix + "-reset");
        }
    }
}
