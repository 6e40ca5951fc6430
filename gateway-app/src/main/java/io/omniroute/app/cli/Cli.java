package io.omniroute.app.cli;

import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The command line, {@code omniroute}. Exit codes: 0 done, 1 refused or found wrong, 2 wrong use. */
@Command(
        name = "omniroute",
        mixinStandardHelpOptions = true,
        versionProvider = CliVersion.class,
        description = "Manages an OmniRoute gateway. Without a command the gateway starts.",
        subcommands = {
            KeysCommand.class,
            ConnectionsCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Cli {

    private static final Set<String> OPTIONS = Set.of("-h", "--help", "-V", "--version");

    private Cli() {}

    /** Whether the arguments are for the command line and not for the gateway, which has none but {@code --settings}. */
    public static boolean handles(String[] arguments) {
        return arguments.length > 0 && (!arguments[0].startsWith("-") || OPTIONS.contains(arguments[0]));
    }

    /** Runs a command and gives its exit code. */
    public static int run(String[] arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Cli()).setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("omniroute: " + Failures.inWords(failure));
            return 1;
        });
    }

    /** A mistake in the use of a command, with the usage of the one of its group that was asked for. */
    static CommandLine.ParameterException misuse(CommandSpec group, String what) {
        CommandLine.ParseResult parsed = group.commandLine().getParseResult();
        CommandSpec asked =
                parsed != null && parsed.hasSubcommand() ? parsed.subcommand().commandSpec() : group;
        return new CommandLine.ParameterException(asked.commandLine(), what);
    }
}
