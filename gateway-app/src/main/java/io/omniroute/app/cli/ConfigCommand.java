package io.omniroute.app.cli;

import io.omniroute.app.check.ConfigurationCheck;
import io.omniroute.filters.FiltersAutoConfiguration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code omniroute config check}: says everything that is wrong with the configuration, without starting anything. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "Checks the configuration.")
final class ConfigCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec().commandLine(), "expected check");
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = "Lists everything that is wrong.")
    int check() {
        List<String> problems = problems();
        if (problems.isEmpty()) {
            spec().commandLine().getOut().println("The configuration is good.");
            return 0;
        }
        problems.forEach(problem -> spec().commandLine().getOut().println("- " + problem));
        return 1;
    }

    static List<String> problems() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Nothing.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("logging.level.root=error")
                .run()) {
            return new ConfigurationCheck(context.getEnvironment(), FiltersAutoConfiguration.STRATEGIES).problems();
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    /** The environment is all that is needed. */
    @SpringBootConfiguration
    static class Nothing {}
}
