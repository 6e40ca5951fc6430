package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The Redis server of a data folder cannot be used, although its folder can. */
final class UnusableRedis extends UncheckedIOException {

    private static final long serialVersionUID = 1;

    private final String said;
    private final String action;

    /**
     * @param said what is wrong, in one sentence
     * @param action what helps
     */
    UnusableRedis(String said, String action, IOException cause) {
        super(said, cause);
        this.said = said;
        this.action = action;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(said);
    }

    String action() {
        return action;
    }
}
