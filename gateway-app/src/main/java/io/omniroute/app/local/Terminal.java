package io.omniroute.app.local;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where a person reads. Not the log.
 *
 * @param interactive whether a person is there, and not a file or a pipe
 */
record Terminal(PrintStream out, boolean interactive) {

    static Terminal standard() {
        Console console = System.console();
        return new Terminal(System.out, console != null && console.isTerminal());
    }
}
