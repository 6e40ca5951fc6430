package io.omniroute.app;

import io.omniroute.app.cli.Cli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway; with arguments that begin with a command it is the command line instead. */
@SpringBootApplication
public class GatewayApplication {

    /** One event loop per core: Reactor Netty takes at least four, which on a small machine only wake each other up. */
    private static final String IO_WORKERS = "reactor.netty.ioWorkerCount";

    /** Netty's sampling of buffers, 3 % of a stream's cost; the tests run with all of it. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    public static void main(String[] arguments) {
        if (Cli.handles(arguments)) {
            System.exit(Cli.run(arguments));
        }
        setUnlessSet(IO_WORKERS, Integer.toString(Runtime.getRuntime().availableProcessors()));
        setUnlessSet(LEAK_DETECTION, "disabled");
        SpringApplication.run(GatewayApplication.class, arguments);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
