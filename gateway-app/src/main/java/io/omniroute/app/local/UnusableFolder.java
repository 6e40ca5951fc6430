package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The folder for the gateway's data cannot be used. */
final class UnusableFolder extends UncheckedIOException {

    private static final long serialVersionUID = 1;

    private final String said;

    /** @param said what cannot be done there, and why */
    UnusableFolder(String said, IOException cause) {
        super(said, cause);
        this.said = said;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(said);
    }
}
