package io.omniroute.config;

import io.omniroute.config.CatalogProperties.PatienceProperties;
import java.time.Duration;
import java.util.Optional;

/** Reads what a name does when its targets are slow, or have all failed. */
final class PatienceReader {

    private static final int MOST = 10;

    private PatienceReader() {}

    /** @param problems takes what is wrong */
    static Patience read(String where, PatienceProperties written, Problems problems) {
        number(where + ".retries", written.retries(), problems);
        number(where + ".continuations", written.continuations(), problems);
        notNegative(where + ".retry-delay", written.retryDelay(), problems);
        notNegative(where + ".wait-for-cooldown", written.waitForCooldown(), problems);
        if (written.hedgeAfter() != null) {
            notNegative(where + ".hedge-after", written.hedgeAfter(), problems);
        }
        return new Patience(
                Math.max(0, written.retries()),
                written.retryDelay(),
                written.waitForCooldown(),
                Optional.ofNullable(written.hedgeAfter()),
                Math.max(0, written.continuations()));
    }

    private static void number(String where, int number, Problems problems) {
        if (number < 0 || number > MOST) {
            problems.add(where, "is %s (expected 0 to %s)", number, MOST);
        }
    }

    private static void notNegative(String where, Duration time, Problems problems) {
        if (time.isNegative()) {
            problems.add(where, "is negative");
        }
    }
}
