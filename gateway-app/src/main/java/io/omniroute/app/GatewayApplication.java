package io.omniroute.app;

import io.omniroute.app.cli.Cli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway; with arguments that begin with a command it is the command line instead. */
@SpringBootApplication
public class GatewayApplication {

    private static final String IO_WORKERS = "reactor.netty.ioWorkerCount";

    public static void main(String[] arguments) {
        if (Cli.handles(arguments)) {
            System.exit(Cli.run(arguments));
        }
        oneEventLoopPerCore();
        SpringApplication.run(GatewayApplication.class, arguments);
    }

    /** Reactor Netty takes at least four, which on a small machine only wake each other up. */
    private static void oneEventLoopPerCore() {
        if (System.getProperty(IO_WORKERS) == null) {
            System.setProperty(IO_WORKERS, Integer.toString(Runtime.getRuntime().availableProcessors()));
        }
    }
}
