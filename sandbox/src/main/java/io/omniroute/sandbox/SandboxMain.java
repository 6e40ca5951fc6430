package io.omniroute.sandbox;

/** Runs a sandbox by itself: {@code java -jar omniroute-sandbox.jar [port [control port]]}. */
public final class SandboxMain {

    private static final int PORT = 20139;

    private SandboxMain() {}

    /** Starts a sandbox and stays until the process is ended. */
    public static void main(String[] arguments) throws InterruptedException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : PORT;
        int control = arguments.length > 1 ? Integer.parseInt(arguments[1]) : port + 1;
        try (Sandbox sandbox = Sandbox.start(port, control)) {
            System.out.println("sandbox: " + sandbox.baseUrl() + ", control on port " + sandbox.controlPort());
            Thread.currentThread().join();
        }
    }
}
