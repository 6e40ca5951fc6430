package io.omniroute.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A mistake is answered with the usage of the command in which it was made. */
class CliTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys create --team t --expires soon  | \"soon\" is not a date          | keys create",
                "keys create --team t --scopes admin  | unknown scope in [admin]        | keys create",
                "keys create --team t --id -x         | --id must be 1 to 64 letters    | keys create",
                "keys create --team t --id x\u0007y    | --id must be 1 to 64 letters    | keys create",
                "keys                                 | expected create, list or revoke | keys",
                "connections remove second            | is not the name of a connection | connections remove",
                "config nobody                        | expected check, or a client     | config"
            })
    void showsTheUsageOfWhatWasAskedFor(String arguments, String message, String usage) {
        StringWriter errors = new StringWriter();
        CommandLine line = Cli.commandLine().setErr(new PrintWriter(errors));
        assertThat(line.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString()).contains(message).contains("Usage: omniroute " + usage + " [");
    }
}
