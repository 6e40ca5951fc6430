package io.omniroute.filters.combo;

import io.omniroute.filters.call.Ledger;
import io.omniroute.translators.error.ApiError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, for the log and the explanation of a call.
 *
 * @param target the canonical name of what was called
 * @param connection the account that was used
 * @param reason why it was made
 * @param took from its start to its end
 * @param error why it failed, or {@code null} if it did not
 * @param cancelled whether it was ended before it had answered: the client left, or another attempt was faster
 * @param sent whether the provider may have seen it
 */
public record AttemptReport(
        String target,
        String connection,
        Ledger.Reason reason,
        Duration took,
        @Nullable ApiError error,
        boolean cancelled,
        boolean sent) {}
