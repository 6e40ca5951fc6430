package io.omniroute.filters.combo;

import java.time.Duration;

/** An account is as busy as it may be; says nothing of the provider. */
final class Busy extends RuntimeException {

    private static final long serialVersionUID = 1;
    private final Duration time;

    /** @param time after which it should be asked again */
    Busy(Duration time) {
        super("the account is as busy as it may be", null, false, false);
        this.time = time;
    }

    /** After which time it should be asked again. */
    Duration time() {
        return time;
    }
}
