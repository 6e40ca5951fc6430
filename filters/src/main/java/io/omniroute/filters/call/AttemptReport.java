package io.omniroute.filters.call;

import io.omniroute.translators.error.ApiError;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, for the log and the explanation of a call.
 *
 * @param target the canonical name of what was called
 * @param connection the account that was used
 * @param reason why it was made
 * @param startedAt when it began, by the monotonic clock
 * @param took from its start to its end
 * @param error why it failed, or {@code null} if it did not
 * @param cancelled whether it was ended before it had answered: the client left, or another attempt was faster
 * @param sent whether the provider may have seen it
 */
public record AttemptReport(
        String target,
        String connection,
        Ledger.Reason reason,
        long startedAt,
        Duration took,
        @Nullable ApiError error,
        boolean cancelled,
        boolean sent) {

    /** In the order in which they began; they may end in another. */
    public static final Comparator<AttemptReport> AS_BEGUN =
            (one, other) -> Long.signum(one.startedAt() - other.startedAt());

    /** The id of the provider that was called. */
    public String provider() {
        return target.substring(0, target.indexOf('/'));
    }
}
