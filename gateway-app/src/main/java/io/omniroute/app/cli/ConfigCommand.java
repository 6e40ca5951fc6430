package io.omniroute.app.cli;

import io.omniroute.app.check.ConfigurationCheck;
import io.omniroute.app.local.GatewayUrl;
import io.omniroute.filters.autoconfigure.FiltersAutoConfiguration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
        String root = given == null ? CliContext.withSettings(ConfigCommand::usualUrl) : root(given);
        if (model.isBlank() || model.chars().anyMatch(Character::isISOControl)) {
            throw Cli.misuse(spec(), "--model is no name of a model");
        }
        List<ConfigFile> files = config.files(root, model);
        if (write) {
            write(config, files);
            return;
        }
        if (files.size() > 1) {
            out().print(files.stream().map(ConfigFile::titled).collect(Collectors.joining("\n")));
            out().flush();
            return;
        }
        spec().commandLine().getErr().println("For " + config.place() + ":");
        out().print(config.text(root, model));
        out().flush();
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
        List<FileRewrite> ready = new ArrayList<>();
        List<String> told = new ArrayList<>();
        try {
            for (ConfigFile file : files) {
                orLeft(file, home, files.size() > 1 ? "; nothing else was changed, either" : "", () -> {
                    String merged = file.merged(FileRewrite.read(file.in(home)));
                    ready.add(FileRewrite.of(file.in(home), merged));
                    told.add("merged into " + file.in(home));
                    told.addAll(file.notes(merged));
                });
            }
            for (int i = 0; i < files.size(); i++) {
                orLeft(files.get(i), home, "", ready.get(i)::commit);
            }
        } finally {
            ready.forEach(FileRewrite::close);
        }
        told.forEach(out()::println);
        out().flush();
    }

    private static void orLeft(ConfigFile file, Path home, String others, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException reason) {
            // without its cause, which would be told in its place
            throw new IllegalArgumentException(
                    file.in(home) + " was left as it is: it " + reason.getMessage() + others);
        }
    }

    private String root(String url) {
        try {
            return ClientConfig.checkedRoot(url);
        } catch (IllegalArgumentException wrong) {
            throw Cli.misuse(spec(), "--url " + wrong.getMessage());
        }
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = "Lists everything that is wrong.")
    int check() {
        List<String> problems = new ArrayList<>(problems());
        problems.addAll(asked(ConfigurationCheck::doubts));
        if (problems.isEmpty()) {
            out().println("The configuration is good.");
            return 0;
        }
        problems.forEach(problem -> out().println("- " + problem));
        return 1;
    }

    static List<String> problems() {
        return asked(ConfigurationCheck::problems);
    }

    private static List<String> asked(Function<ConfigurationCheck, List<String>> question) {
        return CliContext.withSettings(
                settings -> question.apply(new ConfigurationCheck(settings, FiltersAutoConfiguration.STRATEGIES)));
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
