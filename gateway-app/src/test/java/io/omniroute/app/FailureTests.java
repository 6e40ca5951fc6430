package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@code docs/failures.md}, for clients of every format, streamed and not. */
@ExtendWith(SandboxExtension.class)
class FailureTests {

    private static final String TEXT = "You said: Hello And the sandbox says: all is well.";
    private static final String DEADLINES = """
            omniroute.deadlines.response-headers=700ms
            omniroute.deadlines.first-content=700ms
            omniroute.deadlines.first-content-per-kilobyte=0ms
            omniroute.deadlines.idle=700ms
            omniroute.providers.a.deadlines.response-headers=20s
            omniroute.providers.a.deadlines.first-content=20s
            omniroute.providers.a.deadlines.idle=20s
            """;

    /** One key of each gateway will do. */
    private static final Map<Gateway, String> KEYS = new HashMap<>();

    private static Gateway gateway;
    private static Gateway resting;

    /** A line of the table. */
    record Row(
            int number,
            String failure,
            String word,
            String alone,
            String aloneStreamed,
            String combined,
            String combinedStreamed,
            String rests) {

        String expected(boolean stream, boolean alone) {
            return alone ? (stream ? aloneStreamed : this.alone) : stream ? combinedStreamed : combined;
        }

        boolean refusesConnections() {
            return word.equals("-");
        }

        @Override
        public String toString() {
            return failure;
        }
    }

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder(Wire.providers(sandbox)).append(DEADLINES);
        settings.append(provider("dead", "http://127.0.0.1:1/v1", "openai-chat", "x"));
        for (Wire wire : Wire.values()) {
            settings.append("omniroute.combos.with-")
                    .append(id(wire))
                    .append(".targets=to-")
                    .append(id(wire));
            settings.append("/chat,a/chat\n");
        }
        settings.append("omniroute.combos.with-dead.targets=dead/chat,a/chat\n");
        gateway = Gateway.start(sandbox, settings.toString());
        StringBuilder rests = new StringBuilder(DEADLINES).append("omniroute.cooldowns.enabled=true\n");
        rows().forEach(row -> {
            String base = row.refusesConnections() ? "http://127.0.0.1:1/v1" : sandbox.baseUrl();
            for (String id : List.of("f" + row.number(), "s" + row.number())) {
                rests.append(provider(id, base, "openai-chat", "sandbox-rests-" + id));
                rests.append("omniroute.combos.c%1$s.targets=%1$s/chat,a/chat\n".formatted(id));
                rests.append("omniroute.combos.other%1$s.targets=%1$s/other,a/chat\n".formatted(id));
            }
        });
        resting = Gateway.start(sandbox, rests.toString());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        resting.close();
    }

    static List<Row> rows() {
        try {
            List<String[]> lines = Files.readAllLines(Path.of("../docs/failures.md")).stream()
                    .filter(line -> line.startsWith("| ") && !line.startsWith("| failure"))
                    .map(line -> line.split("\\|"))
                    .toList();
            return lines.stream()
                    .map(cells -> Arrays.stream(cells)
                            .map(cell -> cell.strip().replace("`", ""))
                            .toArray(String[]::new))
                    .map(cells -> new Row(
                            lines.indexOf(lines.stream()
                                    .filter(line -> line[1].strip().equals(cells[1]))
                                    .findFirst()
                                    .orElseThrow()),
                            cells[1],
                            cells[2],
                            cells[3],
                            cells[4],
                            cells[5],
                            cells[6],
                            cells[7]))
                    .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** The list of the public fault benchmark, and what else providers are known for. */
    @Test
    void coversTheFaultsOfTheBenchmark() {
        assertThat(rows().stream().map(Row::word))
                .contains(
                        "429-retry-30s",
                        "429",
                        "500",
                        "502-html",
                        "503",
                        "529",
                        "401",
                        "400",
                        "-",
                        "reset",
                        "drop",
                        "hang",
                        "think-9s",
                        "stall",
                        "cut",
                        "no-finish",
                        "first-error",
                        "late-error",
                        "error-200",
                        "malformed",
                        "empty",
                        "context");
    }

    static Stream<Arguments> cases() {
        return rows().stream()
                .flatMap(row -> Arrays.stream(Wire.values())
                        .flatMap(wire -> Stream.of(false, true).map(stream -> Arguments.of(row, wire, stream))));
    }

    @ParameterizedTest(name = "{0}, {1}, streamed: {2}")
    @MethodSource("cases")
    void isToldAlone(Row row, Wire wire, boolean stream, Sandbox sandbox) {
        happens(row, sandbox, "sandbox-translation", 2);
        String model = row.refusesConnections() ? "dead/chat" : "to-" + id(wire) + "/chat";
        check(row.expected(stream, true), ask(gateway, wire, model, stream), wire, stream);
    }

    static Stream<Arguments> casesAcross() {
        return rows().stream()
                .filter(row -> !row.refusesConnections())
                .flatMap(row -> Stream.of(Wire.CHAT, Wire.MESSAGES)
                        .flatMap(wire -> Stream.of(false, true).map(stream -> Arguments.of(row, wire, stream))));
    }

    /** Clients are told the same of a provider of another format. */
    @ParameterizedTest(name = "{0}, {1}, streamed: {2}")
    @MethodSource("casesAcross")
    void isToldAcrossFormats(Row row, Wire wire, boolean stream, Sandbox sandbox) {
        happens(row, sandbox, "sandbox-translation", 2);
        Wire upstream = wire == Wire.CHAT ? Wire.MESSAGES : Wire.CHAT;
        HttpResponse<String> answer = ask(gateway, wire, "to-" + id(upstream) + "/chat", stream);
        check(row.expected(stream, true), answer, wire, stream);
        if (row.expected(stream, true).equals("in the stream")) {
            assertThat(answer.body())
                    .as("nothing that says that it has ended")
                    .doesNotContain("\"finish_reason\":\"", "\"stop_reason\":\"");
        }
    }

    @ParameterizedTest(name = "{0}, {1}, streamed: {2}")
    @MethodSource("cases")
    void isFollowedByAnotherTarget(Row row, Wire wire, boolean stream, Sandbox sandbox) {
        happens(row, sandbox, "sandbox-translation", 2);
        String model = row.refusesConnections() ? "with-dead" : "with-" + id(wire);
        HttpResponse<String> answer = ask(gateway, wire, model, stream);
        String expected = row.expected(stream, false);
        check(expected.equals("answered") ? "200" : expected, answer, wire, stream);
        String fallbacks =
                answer.headers().firstValue("X-OmniRoute-Fallback-Attempts").orElse("0");
        if (expected.equals("answered")) {
            assertThat(provider(answer)).isEqualTo("a");
            assertThat(fallbacks).isIn("1", "2");
        } else {
            assertThat(fallbacks).isEqualTo("0");
        }
    }

    /** A provider that says nothing at all has not answered, whatever its status says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT|false|{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[]}",
                "CHAT|false|{}",
                "CHAT|true|data: [DONE]",
                "CHAT|true|data: {}",
                "MESSAGES|false|{\"id\":\"x\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}",
                "MESSAGES|true|event: ping",
                "RESPONSES|false|{\"id\":\"x\",\"object\":\"response\",\"output\":[]}",
                "RESPONSES|true|data: {\"type\":\"response.created\",\"response\":{\"id\":\"x\"}}",
                "GEMINI|false|{\"candidates\":[]}",
                "GEMINI|false|{}",
                "GEMINI|true|data: {\"candidates\":[]}"
            })
    void isNoAnswer(Wire wire, boolean stream, String said, Sandbox sandbox) {
        String step = stream ? said + "\n\n" : said;
        sandbox.script("sandbox-translation", step, step);
        HttpResponse<String> alone = ask(gateway, wire, "to-" + id(wire) + "/chat", stream);
        check("502", alone, wire, stream);
        sandbox.script("sandbox-translation", step, step);
        HttpResponse<String> followed = ask(gateway, wire, "with-" + id(wire), stream);
        check("200", followed, wire, stream);
        assertThat(provider(followed)).isEqualTo("a");
    }

    /** Most often it is the connection's fault and not the provider's. */
    @ParameterizedTest
    @CsvSource({"drop,false", "drop,true", "cut,false"})
    void triesOnceMoreWhatBreaksOffBeforeItsContent(String word, boolean stream, Sandbox sandbox) {
        sandbox.script("sandbox-translation", word);
        long before = sandbox.books("sandbox-translation").calls();
        HttpResponse<String> answer = ask(gateway, Wire.CHAT, "to-chat/chat", stream);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Wire.CHAT.read(answer.body(), stream).text()).isEqualTo(TEXT);
        assertThat(sandbox.books("sandbox-translation").calls() - before).isEqualTo(2);
    }

    static Stream<Arguments> failing() {
        return rows().stream()
                .flatMap(row -> Stream.of(false, true)
                        // what is no failure of this kind of call has nothing to rest for
                        .filter(stream -> !(stream ? row.aloneStreamed() : row.alone()).equals("200"))
                        .map(stream -> Arguments.of(row, stream)));
    }

    @ParameterizedTest(name = "{0}, streamed: {1}")
    @MethodSource("failing")
    void restsAsFarAsItReaches(Row row, boolean stream, Sandbox sandbox) {
        String failed = (stream ? "s" : "f") + row.number();
        happens(row, sandbox, "sandbox-rests-" + failed, 2);
        ask(resting, Wire.CHAT, "c" + failed, stream);
        sandbox.script("sandbox-rests-" + failed);
        String same = provider(ask(resting, Wire.CHAT, "c" + failed, false));
        String other = provider(ask(resting, Wire.CHAT, "other" + failed, false));
        String dead = row.refusesConnections() ? "a" : failed;
        assertThat(same).as("the same model").isEqualTo(row.rests().equals("nothing") ? dead : "a");
        assertThat(other).as("another model").isEqualTo(row.rests().equals("account") ? "a" : dead);
    }

    /** An answer that breaks off early is tried once more, so it happens twice where it is to be told. */
    private static void happens(Row row, Sandbox sandbox, String key, int times) {
        if (!row.refusesConnections()) {
            sandbox.script(key, Collections.nCopies(times, row.word()));
        }
    }

    private static HttpResponse<String> ask(Gateway at, Wire wire, String model, boolean stream) {
        String body = wire.ask(model, stream, "Hello", List.of()).toString();
        return at.post(wire.path(model, stream), KEYS.computeIfAbsent(at, Gateway::key), body);
    }

    private static void check(String expected, HttpResponse<String> answer, Wire wire, boolean stream) {
        if (expected.equals("in the stream")) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"error\"")
                    .doesNotContain("[DONE]", "message_stop", "response.completed");
            assertThat(answer.body()).doesNotContain("\"finishReason\"");
            // what had left stays, and the error comes last, as clients of the format expect it
            assertThat(answer.body()).contains("You");
            String end = switch (wire) {
                case CHAT -> "data: \\{\"error\":\\{\"message\":\"[^\"]+\".*}}";
                case MESSAGES ->
                    "event: error\ndata: \\{\"type\":\"error\",\"error\":\\{\"type\":\"[a-z_]+\",\"message\":\"[^\"]+\".*}";
                case RESPONSES ->
                    "event: error\ndata: \\{\"type\":\"error\",\"sequence_number\":\\d+,\"code\":\"[^\"]+\".*}\n\nevent: response.failed\ndata: \\{\"type\":\"response.failed\".*\"status\":\"failed\".*\"error\":\\{\"code\":\"[^\"]+\",\"message\":\"[^\"]+\".*}";
                // once more without an event around it, as Google's own servers have it
                case GEMINI ->
                    "data: (\\{\"error\":\\{\"code\":\\d+,\"message\":\"[^\"]+\",\"status\":\"[A-Z_]+\"}})\r\n\r\n\\1";
            };
            assertThat(answer.body().strip()).matches("(?s).*\\n" + end);
        } else if (expected.equals("200")) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(wire.read(answer.body(), stream).text()).isEqualTo(TEXT);
        } else {
            int status = Integer.parseInt(expected);
            boolean overloaded = status == 503 && wire == Wire.MESSAGES;
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(overloaded ? 529 : status);
            assertThat(answer.body()).contains("\"error\":{");
        }
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-OmniRoute-Provider").orElse("none: " + answer.body());
    }

    private static String provider(String id, String base, String format, String key) {
        String prefix = "omniroute.providers." + id + ".";
        return prefix + "base-url=" + base + "\n" + prefix + "formats=" + format + "\n" + prefix
                + "connections.main.api-key=" + key + "\n";
    }

    private static String id(Wire wire) {
        return wire.name().toLowerCase(Locale.ROOT);
    }
}
