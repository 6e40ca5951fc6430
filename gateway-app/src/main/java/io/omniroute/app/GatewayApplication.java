package io.omniroute.app;

import io.omniroute.app.cli.Cli;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The gateway; with arguments that begin with a command it is the command line instead. */
@SpringBootApplication
public class GatewayApplication {

    /** One event loop per core: Reactor Netty takes at least four, which on a small machine only wake each other up. */
    private static final String IO_WORKERS = "reactor.netty.ioWorkerCount";

    /** Netty's sampling of buffers, 3 % of a stream's cost; the tests run with all of it. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    /** How long everything else may take to end that ends after the calls. */
    private static final Duration BEHIND_THE_DRAIN = Duration.ofSeconds(15);

    public static void main(String[] arguments) {
        if (Cli.handles(arguments)) {
            System.exit(Cli.run(arguments));
        }
        setUnlessSet(IO_WORKERS, Integer.toString(Runtime.getRuntime().availableProcessors()));
        setUnlessSet(LEAK_DETECTION, "disabled");
        ConfigurableApplicationContext running = SpringApplication.run(GatewayApplication.class, arguments);
        Duration phase = running.getEnvironment()
                .getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30));
        LastResort.after(phase.plus(BEHIND_THE_DRAIN));
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
