package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.call.Ledger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An attempt that has begun.
 *
 * @param attempt what is tried
 * @param exchange what its stages see
 * @param reason why it is made
 * @param verdict what its provider's breaker is told of it
 * @param entry what it owes
 * @param startedAt when it began, by the monotonic clock
 * @param settled whether it is known how it has ended
 */
record RunningAttempt(
        Attempt attempt,
        AttemptExchange exchange,
        Ledger.Reason reason,
        Verdict verdict,
        Ledger.Entry entry,
        long startedAt,
        AtomicBoolean settled) {

    /** An end and a cancellation may come at the same time, from two threads. */
    void settleOnce(Runnable settle) {
        if (settled.compareAndSet(false, true)) {
            settle.run();
        }
    }

    /** From its beginning until now. */
    Duration took() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }
}
