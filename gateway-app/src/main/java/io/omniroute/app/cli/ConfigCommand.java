package io.omniroute.app.cli;

import io.omniroute.app.check.ConfigurationCheck;
import io.omniroute.app.local.GatewayUrl;
import io.omniroute.filters.FiltersAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;

/**
 * {@code omniroute config check} says everything that is wrong with the configuration, without starting anything;
 * {@code omniroute config claude-code} and the like print what a client needs to use the gateway, or merge it into its file.
 */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Checks the configuration, or prints the one that a client needs.")
final class ConfigCommand implements Runnable {

    private static final int MOST_PORT = 65_535;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CLIENT",
            description = "claude-code, codex, gemini-cli, opencode, openclaw, cline, continue or cursor")
    private @Nullable String client;

    @Option(
            names = "--url",
            description = "The gateway's address, with or without /v1 (default: where a gateway with this environment"
                    + " listens, such as http://127.0.0.1:20128).")
    private @Nullable String url;

    @Option(
            names = "--model",
            description = "The model, alias or combo to ask for (default: ${DEFAULT-VALUE}).",
            defaultValue = "sandbox/chat")
    private String model = "";

    @Option(
            names = "--write",
            description = "Merges it into the client's own file, of which everything else stays as it is.")
    private boolean write;

    @Override
    public void run() {
        String wanted = client;
        ClientConfig config = wanted == null ? null : ClientConfig.ofId(wanted).orElse(null);
        if (config == null) {
            throw new CommandLine.ParameterException(
                    spec().commandLine(), "expected check, or a client: " + ClientConfig.ids());
        }
        String given = url;
        String root = ClientConfig.root(given == null ? CliContext.withSettings(ConfigCommand::usualUrl) : given);
        List<ConfigFile> files = config.files(root, model);
        if (write) {
            write(config, files);
            return;
        }
        if (files.size() > 1) {
            files.forEach(file -> {
                spec().commandLine().getErr().println("For " + file.place() + ":");
                spec().commandLine().getOut().print(file.text());
                spec().commandLine().getOut().flush();
            });
            return;
        }
        spec().commandLine().getErr().println("For " + config.place() + ":");
        spec().commandLine().getOut().print(config.text(root, model));
        spec().commandLine().getOut().flush();
    }

    private static String usualUrl(Environment settings) {
        String port = settings.getProperty("server.port", "20128").strip();
        if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > MOST_PORT) {
            throw new IllegalArgumentException("the port of the gateway is not known, because server.port is \"" + port
                    + "\" (expected 1 to 65535 in the variable PORT, or --url)");
        }
        return GatewayUrl.of(settings, Integer.parseInt(port));
    }

    /** Where clients look for their files: Java itself asks the list of users instead. */
    private static Path home() {
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
    }

    private void write(ClientConfig config, List<ConfigFile> files) {
        if (files.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec().commandLine(), config.id() + " keeps its settings itself: " + config.place());
        }
        Path home = home();
        for (ConfigFile file : files) {
            try {
                file.merge(home);
            } catch (IllegalArgumentException | JacksonException unreadable) {
                throw new CommandLine.ParameterException(
                        spec().commandLine(), file.place() + " was left as it is: it " + why(unreadable));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            spec().commandLine().getOut().println("merged into " + file.in(home));
            if (file.text().contains(ConfigFile.KEY)) {
                spec().commandLine()
                        .getOut()
                        .println("put your key where it says " + ConfigFile.KEY + ", unless there is one");
            }
        }
        spec().commandLine().getOut().flush();
    }

    private static String why(RuntimeException unreadable) {
        return unreadable instanceof JacksonException
                ? "cannot be read as JSON"
                : String.valueOf(unreadable.getMessage());
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
        return CliContext.withSettings(
                settings -> new ConfigurationCheck(settings, FiltersAutoConfiguration.STRATEGIES).problems());
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
