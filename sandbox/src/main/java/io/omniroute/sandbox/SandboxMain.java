package io.omniroute.sandbox;

import java.io.PrintStream;
import java.util.Arrays;
import reactor.netty.ChannelBindException;

/** Runs a sandbox by itself: {@code java -jar omniroute-sandbox.jar [port [control port]]}. */
public final class SandboxMain {

    private static final String USAGE = "usage: java -jar omniroute-sandbox.jar [port [control port]]"
            + " (0 to 65535 each, 0 for any free one; 20139 and the one after the first unless told)";

    private static final int PORT = 20139;
    private static final int MOST_PORT = 65_535;

    private SandboxMain() {}

    /** Starts a sandbox and stays until the process is ended. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments, System.out, System.err));
    }

    /** What a process does; gives its exit code: 1 if it cannot listen, 2 after wrong use. */
    static int run(String[] arguments, PrintStream out, PrintStream err) throws InterruptedException {
        boolean numbers = Arrays.stream(arguments).allMatch(argument -> argument.matches("[0-9]{1,5}"));
        if (arguments.length > 2 || !numbers) {
            err.println(USAGE);
            return 2;
        }
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : PORT;
        int control = arguments.length > 1 ? Integer.parseInt(arguments[1]) : port == 0 ? 0 : port + 1;
        if (port > MOST_PORT || control > MOST_PORT) {
            err.println(USAGE);
            return 2;
        }
        try (Sandbox sandbox = Sandbox.start(port, control)) {
            out.println("sandbox: " + sandbox.baseUrl() + ", control on port " + sandbox.controlPort());
            Thread.currentThread().join();
            return 0;
        } catch (ChannelBindException taken) {
            Throwable why = taken.getCause() == null ? taken : taken.getCause();
            err.println("sandbox: it cannot listen on port " + taken.localPort() + ": " + why.getMessage());
            err.println(USAGE);
            return 1;
        }
    }
}
