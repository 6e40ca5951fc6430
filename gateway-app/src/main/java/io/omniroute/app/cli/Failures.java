package io.omniroute.app.cli;

import io.omniroute.config.CatalogProblems;
import java.util.Objects;

/** A failure as a person wants to read it: the innermost reason, without a stack. */
final class Failures {

    private Failures() {}

    static String inWords(Throwable failure) {
        Throwable reason = failure;
        while (reason.getCause() != null && !(reason instanceof CatalogProblems)) {
            reason = reason.getCause();
        }
        return Objects.requireNonNullElse(reason.getMessage(), reason.getClass().getSimpleName());
    }
}
