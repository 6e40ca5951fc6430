package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of clients in somebody's home: all of a client's are changed or none, and why not is said. */
@Execution(ExecutionMode.CONCURRENT)
class ClientFilesTests {

    @Test
    void changesNoFileWhereAnotherOneCannotBeChanged() throws IOException {
        Path home = TestRedis.temporaryFolder("client-files");
        Path folder = Files.createDirectory(home.resolve(".gemini"));
        Path variables = Files.writeString(folder.resolve(".env"), "GEMINI_API_KEY=AIza-CANARY\n");
        Path settings = Files.writeString(folder.resolve("settings.json"), "{\n\"a\": x");
        JavaProcess refused = config(home, "gemini-cli", "--write");
        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output())
                .contains("settings.json was left as it is: it cannot be read as JSON (line 2)", "nothing else")
                .hasLineCount(1);
        assertThat(variables).content().isEqualTo("GEMINI_API_KEY=AIza-CANARY\n");
        Files.writeString(settings, "{}");
        JavaProcess merged = config(home, "gemini-cli", "--write", "--model", "fast");
        assertThat(merged.awaitEnd()).as(merged.output()).isZero();
        assertThat(merged.output()).contains("GEMINI_API_KEY stays as it was").doesNotContain("CANARY");
        assertThat(variables).content().contains("AIza-CANARY", "GEMINI_MODEL=fast");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(variables, settings);
        }
    }

    @Test
    void saysWhyAFileStays() throws IOException {
        Path home = TestRedis.temporaryFolder("client-file");
        Path folder = Files.createDirectory(home.resolve(".claude"));
        Path settings = folder.resolve("settings.json");
        Files.createSymbolicLink(settings, Path.of("nowhere.json"));
        refuses(home, "it is a link to a file that is not there");
        Files.delete(settings);
        Files.createDirectory(settings);
        refuses(home, "it is a folder");
        Files.delete(settings);
        Files.write(settings, "{\"a\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        refuses(home, "it cannot be read: it is not UTF-8");
        Files.delete(settings);
        Files.delete(folder);
        Files.createFile(folder);
        refuses(home, "it cannot be made, for there is no folder for it: " + folder + " is no folder");
    }

    private static void refuses(Path home, String why) {
        JavaProcess refused = config(home, "claude-code", "--write");
        assertThat(refused.awaitEnd()).isEqualTo(1);
        assertThat(refused.output())
                .contains("settings.json was left as it is: " + why)
                .hasLineCount(1);
    }

    @Test
    void tellsSeveralFilesApart() {
        JavaProcess printed = config(TestRedis.temporaryFolder("none"), "gemini-cli");
        assertThat(printed.awaitEnd()).isZero();
        assertThat(printed.output())
                .startsWith("# ~/.gemini/.env\nGOOGLE_GEMINI_BASE_URL=")
                .contains("\n\n// ~/.gemini/settings.json\n{\n");
    }

    @ParameterizedTest
    @CsvSource({"--url,127.0.0.1:20128,is no", "--url,/v1,is no http or https URL", "--model,' ',is no name of a model"
    })
    void takesNothingThatNoClientCouldUse(String option, String value, String why) {
        JavaProcess refused = config(TestRedis.temporaryFolder("none"), "codex", option, value);
        assertThat(refused.awaitEnd()).isEqualTo(2);
        assertThat(refused.output()).contains(option + " " + why);
    }

    private static JavaProcess config(Path home, String... arguments) {
        return JavaProcess.start(
                List.of(),
                GatewayApplication.class.getName(),
                Map.of("HOME", home.toString()),
                Stream.concat(Stream.of("config"), Stream.of(arguments)).toArray(String[]::new));
    }
}
