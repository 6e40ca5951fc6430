package io.omniroute.app.cli;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;

/**
 * Leaves the report of a command's failed start to the command, which writes it to the standard error. Boot's own would be a second one,
 * and in the command's output, which may go to a file.
 */
final class OwnReport implements SpringBootExceptionReporter, Ordered {

    /** Before Boot's: the first that has reported a failure is the last that is asked. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean reportException(Throwable failure) {
        return CliContext.isStarting();
    }
}
