package io.omniroute.translators.error;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a {@code RateLimit} header, as the drafts of "RateLimit header fields for HTTP" write it: {@code limit=100, remaining=0,
 * reset=20} (version 7), and {@code "minute";r=0;t=20, "day";r=5;t=3600} (from version 8 on).
 *
 * @param left how much is left; {@code null} if that is not said
 * @param end the time until it is whole again
 */
record RateLimitField(@Nullable Long left, Duration end) {

    private static final Pattern OF_ONE = Pattern.compile("(?:^|[,;\\s])(limit|remaining|reset)\\s*=\\s*(\\d{1,9})");
    private static final Pattern ITEM = Pattern.compile("(?:\"[^\"]{0,200}\"|[^\",]){1,500}");
    private static final Pattern PARAMETER = Pattern.compile(";\\s*(r|t)\\s*=\\s*(\\d{1,9})");

    /** The limits that a header's value tells of; none if it is something else. */
    static List<RateLimitField> all(@Nullable String value) {
        if (value == null) {
            return List.of();
        }
        List<RateLimitField> all = new ArrayList<>();
        add(OF_ONE.matcher(value), "remaining", "reset", all);
        Matcher items = ITEM.matcher(value);
        while (items.find()) {
            add(PARAMETER.matcher(items.group()), "r", "t", all);
        }
        return all;
    }

    private static void add(Matcher said, String remaining, String reset, List<RateLimitField> all) {
        Long left = null;
        Long seconds = null;
        while (said.find()) {
            long number = Long.parseLong(said.group(2));
            left = said.group(1).equals(remaining) ? Long.valueOf(number) : left;
            seconds = said.group(1).equals(reset) ? Long.valueOf(number) : seconds;
        }
        if (seconds != null) {
            all.add(new RateLimitField(left, Duration.ofSeconds(seconds)));
        }
    }
}
