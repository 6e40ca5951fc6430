package io.omniroute.app;

import io.omniroute.app.cli.Cli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway; with arguments that begin with a command it is the command line instead. */
@SpringBootApplication
public class GatewayApplication {

    public static void main(String[] arguments) {
        if (Cli.handles(arguments)) {
            System.exit(Cli.run(arguments));
        }
        SpringApplication.run(GatewayApplication.class, arguments);
    }
}
