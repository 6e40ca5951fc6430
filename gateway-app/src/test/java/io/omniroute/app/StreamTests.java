package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams: passed on as they come, and never sold as complete when they are not. */
@GatewayTest
class StreamTests {

    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void hasTheHeadersOfAStream(Gateway gateway) {
        HttpResponse<String> stream = gateway.chat(gateway.key(), "a/chat", true);
        assertThat(stream.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("cache-control")).hasValue("no-cache, no-transform");
        assertThat(stream.headers().firstValue("x-accel-buffering")).hasValue("no");
        assertThat(stream.body()).endsWith("\"finish_reason\":\"stop\"}]}\n\n" + DONE);
    }

    @Test
    void asksForUsageAndHidesItFromAClientThatDidNot(Gateway gateway, Sandbox sandbox) {
        String answer = gateway.chat(gateway.key(), "a/chat", true).body();
        assertThat(answer).doesNotContain("usage");
        assertThat(sandbox.books(Gateway.CONNECTION_KEY + "-a").last().body())
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},"
                        + Gateway.chatBody("chat", true).substring(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                              | {\"include_usage\":true}                             | false",
                "{\"include_usage\":false}                       | {\"include_usage\":true}                             | false",
                "null                                            | {\"include_usage\":true}                             | false",
                "{\"include_obfuscation\":false}                 | {\"include_usage\":true,\"include_obfuscation\":false} | false",
                "{\"include_usage\":true}                        | {\"include_usage\":true}                             | true"
            })
    void changesOnlyWhatItMustOfStreamOptions(
            String sent, String expected, boolean shown, Gateway gateway, Sandbox sandbox) {
        String body = "{\"model\":\"a/chat\",\"stream\":true,\"stream_options\":" + sent
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        String answer =
                gateway.post("/v1/chat/completions", gateway.key(), body).body();
        assertThat(sandbox.books(Gateway.CONNECTION_KEY + "-a").last().body())
                .contains("\"stream_options\":" + expected + ",");
        assertThat(answer.contains("\"usage\":{")).isEqualTo(shown);
        assertThat(answer).endsWith(DONE);
    }

    @Test
    void leavesAnOmittedStreamFieldWhole(Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "a/chat", false);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/crlf",
                "a/comments",
                "a/bytes",
                "a/bytes-crlf-comments",
                "a/no-done",
                "a/linger",
                "a/gzip",
                "a/gzip-bytes-crlf"
            })
    void completesStreamsThatAreOdd(String model, Gateway gateway) {
        String answer = gateway.chat(gateway.key(), model, true).body();
        assertThat(answer.replace("\r", "")).endsWith(DONE).contains(" well.");
        assertThat(answer).doesNotContain("\"error\"").doesNotContain("usage");
        assertThat(answer.split("\\[DONE]", -1)).hasSize(2);
    }

    /** What some servers compress although they are asked not to is read all the same, answers of every kind and errors. */
    @Test
    void readsWhatIsCompressed(Gateway gateway) {
        HttpResponse<String> whole = gateway.chat(gateway.key(), "a/gzip", false);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).contains("\"finish_reason\":\"stop\"");
        assertThat(whole.headers().firstValue("content-encoding")).isEmpty();
        HttpResponse<String> refused = gateway.chat(gateway.key(), "a/gzip-context", false);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("context_length_exceeded");
        for (boolean stream : List.of(false, true)) {
            String body =
                    Wire.MESSAGES.ask("a/gzip", stream, "Hello", List.of()).toString();
            HttpResponse<String> translated = gateway.post("/v1/messages", gateway.key(), body);
            assertThat(Wire.MESSAGES.read(translated.body(), stream).text()).contains("You said: Hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/cut", "a/no-finish", "a/late-error", "a/malformed", "a/huge", "a/bytes-cut"})
    void endsACutStreamWithAnErrorAndWithoutTheTerminator(String model, Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), model, true);
        assertThat(answer.statusCode()).isEqualTo(200);
        String[] events = answer.body().split("\n\n");
        assertThat(events[0]).contains("\"role\":\"assistant\"");
        assertThat(events[events.length - 1]).startsWith("data: {\"error\":{\"message\":");
        assertThat(answer.body()).doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @CsvSource({"a/first-error,502", "a/503,503", "a/429,429", "a/reset,502", "a/empty,502", "a/error-200,502"})
    void answersAFailureBeforeTheFirstContentWithAStatus(String model, int status, Gateway gateway) {
        boolean stream = !model.contains("empty") && !model.contains("200");
        HttpResponse<String> answer = gateway.chat(gateway.key(), model, stream);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).startsWith("{\"error\":{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/cut", "a/malformed", "a/empty", "a/error-200", "a/huge", "a/reset", "a/html-502"})
    void neverSellsACutWholeAnswerAsComplete(String model, Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), model, false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).startsWith("{\"error\":{");
    }

    @Test
    void passesEveryEventOnBeforeTheNextOneIsThere(Gateway gateway) throws IOException {
        HttpRequest request = gateway.request("/v1/chat/completions", gateway.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("a/drip-40ms-words-10", true)))
                .build();
        List<Long> times = new ArrayList<>();
        var body =
                gateway.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                    times.add(System.nanoTime());
                }
            }
        }
        assertThat(times).hasSize(10);
        long apart = 0;
        for (int i = 1; i < times.size(); i++) {
            apart += times.get(i) - times.get(i - 1) > 15_000_000 ? 1 : 0;
        }
        assertThat(apart).as("events that came alone").isGreaterThanOrEqualTo(7);
    }

    @Test
    void streamsSeveralChoices(Gateway gateway) {
        String body =
                "{\"model\":\"a/chat\",\"stream\":true,\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        String answer =
                gateway.post("/v1/chat/completions", gateway.key(), body).body();
        assertThat(answer).contains("\"index\":1").endsWith(DONE);
    }

    /** Nobody asked for a second choice, but who is sent one takes it for an answer. */
    @Test
    void neverSellsAChoiceWithoutAnEndAsComplete(Sandbox sandbox) {
        String chunk =
                "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[%s]}\n\n";
        String first = chunk.formatted(
                "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"all of it\"},\"finish_reason\":\"stop\"}");
        String second = chunk.formatted("{\"index\":1,\"delta\":{\"content\":\"half of\"},\"finish_reason\":%s}");
        String end = "data: [DONE]\n\n";
        sandbox.script(
                "sandbox-unasked", second.formatted("null") + first + end, second.formatted("\"stop\"") + first + end);
        try (Gateway gateway =
                Gateway.start(sandbox, "omniroute.providers.c.connections.main.api-key=sandbox-unasked")) {
            assertThat(gateway.chat(gateway.key(), "c/chat", true).body())
                    .contains("\"error\"")
                    .doesNotContain("[DONE]");
            assertThat(gateway.chat(gateway.key(), "c/chat", true).body())
                    .doesNotContain("\"error\"")
                    .endsWith(DONE);
        }
    }
}
