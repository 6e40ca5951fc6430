package io.omniroute.filters.auth;

import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts the unknown keys that each address tries in a minute. Past the limit an unknown key costs no look-up any more and
 * is answered with 429; known keys of the same address are not touched. Holds a bounded number of addresses. Thread-safe.
 */
public final class UnknownKeys {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final int MOST_SOURCES = 10_000;

    private record Count(long windowStart, int tries) {}

    private final int limit;
    private final LongSupplier nanoTime;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    public UnknownKeys(LimitsProperties limits, LongSupplier nanoTime) {
        this.limit = limits.unknownKeysPerSource();
        this.nanoTime = nanoTime;
    }

    /** Whether this address has used up its tries. */
    boolean mayNotTry(String source) {
        Count count = counts.get(source);
        return count != null && isCurrent(count) && count.tries() >= limit;
    }

    /** Counts a try and gives what to answer. */
    ApiException refused(String source) {
        if (counts.size() >= MOST_SOURCES) {
            counts.values().removeIf(count -> !isCurrent(count));
            if (counts.size() >= MOST_SOURCES) {
                counts.clear();
            }
        }
        Count now = counts.merge(
                source,
                new Count(nanoTime.getAsLong(), 1),
                (before, one) -> isCurrent(before) ? new Count(before.windowStart(), before.tries() + 1) : one);
        if (now.tries() > limit) {
            return ApiError.of(ErrorKind.RATE_LIMITED, "too many unknown API keys from this address")
                    .withRetryAfter(Duration.ofMinutes(1))
                    .exception();
        }
        return Credentials.unauthenticated("this API key is not known");
    }

    private boolean isCurrent(Count count) {
        return nanoTime.getAsLong() - count.windowStart() < WINDOW;
    }
}
