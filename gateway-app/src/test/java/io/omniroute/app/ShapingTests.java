package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of calls before anybody decides on them, where that is asked for. */
@ExtendWith(SandboxExtension.class)
class ShapingTests {

    private static final String KEY = "sandbox-shaping";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder providers = new StringBuilder();
        for (Wire wire : Wire.values()) {
            String prefix = "omniroute.providers.s" + wire.ordinal() + ".";
            providers
                    .append(prefix)
                    .append("base-url=")
                    .append(wire.base(sandbox))
                    .append('\n');
            providers.append(prefix).append("formats=").append(wire.id()).append('\n');
            providers
                    .append(prefix)
                    .append("connections.main.api-key=")
                    .append(KEY)
                    .append('\n');
            providers.append(prefix).append("models.small.facts.context-window=2000\n");
        }
        gateway = Gateway.start(sandbox, providers + """
                omniroute.shaping.suffixes=true
                omniroute.shaping.compression=0.5
                omniroute.shaping.background.phrases=true
                omniroute.shaping.background.models[s0/big*]=s0/cheap
                omniroute.shaping.tasks.models.coding=s0/coder
                omniroute.shaping.tasks.models.vision=s0/seer
                omniroute.shaping.tasks.instead-of=any
                omniroute.shaping.system-prompt.before=Be brief.
                omniroute.shaping.system-prompt.after=Stay polite.
                omniroute.combos.any.targets=s0/usual
                omniroute.combos.panel.strategy=fusion
                omniroute.combos.panel.targets=s0/one,s0/two
                omniroute.combos.panel.system-prompt=You are the panel.
                omniroute.combos.support.targets=s0/usual
                omniroute.combos.support.system-prompt=You are the support team.
                """);
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void tellsEveryModelSomethingInItsOwnFormat(Wire wire, Sandbox sandbox) {
        String model = "s" + wire.ordinal() + "/chat";
        HttpResponse<String> answer = gateway.post(
                wire.path(model, false),
                key,
                wire.ask(model, false, "Hello there", List.of()).toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books(KEY).last().body()).contains("Be brief.", "Stay polite.", "Hello there");
        assertThat(wire.read(answer.body(), false).text()).startsWith("You said: Hello there");
    }

    @Test
    void tellsACombosTargetsItsOwn(Sandbox sandbox) {
        chat("support", "Hello");
        assertThat(sandbox.books(KEY).last().body())
                .contains("You are the support team.", "Stay polite.")
                .doesNotContain("Be brief.");
    }

    /** What a call goes on with is explained before it is sent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any|Please refactor this function|s0/coder|s0/coder",
                "any-high|Hello|any|s0/usual",
                "s0/big|Generate a title|s0/cheap|s0/cheap",
                "s0/chat|Hello||s0/chat"
            })
    void explainsACallAsItIsShaped(String model, String words, String shaped, String target) {
        String manager = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
        String request =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(model, words, words);
        HttpResponse<String> answer = gateway.post("/api/routes/explain", manager, "{\"request\":" + request + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode explained = JsonMapper.shared().readTree(answer.body());
        assertThat(explained.path("asked").asString()).isEqualTo(model);
        assertThat(explained.path("shaped").asString("")).isEqualTo(shaped == null ? "" : shaped);
        assertThat(explained.at("/candidates/0/target").asString()).isEqualTo(target);
        HttpResponse<String> sent = gateway.post("/v1/chat/completions", key, request);
        assertThat(sent.headers().firstValue("X-OmniRoute-Model")).hasValue(target);
    }

    /** The parts of a call have its shape, and are not shaped a second time. */
    @Test
    void tellsEveryPartWhatTheCallIsTold(Sandbox sandbox) {
        long before = sandbox.books(KEY).calls();
        assertThat(chat("panel-low", "Hello").statusCode()).isEqualTo(200);
        assertThat(sandbox.books(KEY).calls()).isEqualTo(before + 3);
        List<String> bodies =
                sandbox.books(KEY).received().stream().map(Received::body).toList();
        assertThat(bodies.subList(bodies.size() - 3, bodies.size()))
                .allSatisfy(body -> assertThat(body)
                        .contains("You are the panel.", "Stay polite.", "\"reasoning_effort\":\"low\"")
                        .doesNotContain("Be brief.")
                        .containsOnlyOnce("Stay polite."));
    }

    @ParameterizedTest
    @CsvSource({
        "s0/chat-high,chat,\"reasoning_effort\":\"high\"",
        "s0/chat-thinking,chat,\"reasoning_effort\":\"medium\"",
        "s1/chat-low,chat,\"budget_tokens\":2048",
        "s2/chat-high,chat,\"effort\":\"high\"",
        "s3/chat-low,chat,\"thinkingBudget\":2048",
        "no-think/s3/chat,chat,\"thinkingBudget\":0",
    })
    void readsTheEffortFromTheName(String asked, String model, String written, Sandbox sandbox) {
        HttpResponse<String> answer = chat(asked, "Hello");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Model").orElseThrow())
                .endsWith("/" + model);
        assertThat(answer.headers().firstValue("X-OmniRoute-Shaped").orElseThrow())
                .endsWith("/" + model);
        assertThat(sandbox.books(KEY).last().body()).contains(written);
    }

    @Test
    void givesBackgroundWorkToACheaperModel() {
        assertThat(model(chat("s0/big-1", "Hello"))).isEqualTo("s0/big-1");
        for (String header : List.of("x-initiator", "x-task-type", "x-request-priority")) {
            HttpRequest said = gateway.request("/v1/chat/completions", key)
                    .header("Content-Type", "application/json")
                    .header(header, "background")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("s0/big-1", false)))
                    .build();
            assertThat(model(gateway.send(said))).as(header).isEqualTo("s0/cheap");
        }
        String title =
                "{\"model\":\"s0/big-1\",\"messages\":[{\"role\":\"system\",\"content\":\"Generate a title for it.\"},"
                        + "{\"role\":\"user\",\"content\":\"Hello\"}]}";
        assertThat(model(gateway.post("/v1/chat/completions", key, title))).isEqualTo("s0/cheap");
        String few =
                "{\"model\":\"s0/big-1\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        assertThat(model(gateway.post("/v1/chat/completions", key, few))).isEqualTo("s0/cheap");
    }

    /** What tells background work by its words reads the words of every format. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages|{\"model\":\"s0/big-1\",\"max_tokens\":500,\"system\":\"Generate a title for it.\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "/v1/responses|{\"model\":\"s0/big-1\",\"instructions\":\"Generate a title for it.\",\"input\":\"Hello\"}",
                "/v1/responses|{\"model\":\"s0/big-1\",\"max_output_tokens\":20,\"input\":\"Hello\"}",
                "/v1beta/models/s0/big-1:generateContent|{\"systemInstruction\":{\"parts\":[{\"text\":\"Generate a title for it.\"}]},\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}",
                "/v1beta/models/s0/big-1:generateContent|{\"generationConfig\":{\"maxOutputTokens\":20},\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}"
            })
    void knowsBackgroundWorkInEveryFormat(String path, String body) {
        HttpResponse<String> answer = gateway.post(path, key, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(model(answer)).isEqualTo("s0/cheap");
        String longer = body.replace("Generate a title for it.", "Be a pirate.")
                .replace(":20,", ":2000,")
                .replace(":20}", ":2000}");
        assertThat(model(gateway.post(path, key, longer))).isEqualTo("s0/big-1");
    }

    @Test
    void givesTasksToWhatIsGoodAtThem() {
        assertThat(model(chat("any", "Please refactor this function"))).isEqualTo("s0/coder");
        assertThat(model(chat("any", "Hello"))).isEqualTo("s0/usual");
        assertThat(model(chat("s0/usual", "Please refactor this function"))).isEqualTo("s0/usual");
        String picture =
                "{\"model\":\"any\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                        + "{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}},{\"type\":\"text\",\"text\":\"refactor this function\"}]}]}";
        assertThat(model(gateway.post("/v1/chat/completions", key, picture))).isEqualTo("s0/seer");
    }

    /** Nobody gets to what their key may not call. */
    @Test
    void isJudgedByTheNameThatItHasBecome() {
        String narrow = gateway.key(List.of("any"), Set.of(), Set.of(), null);
        String body = Gateway.chatBody("any", false).replace("Hello there", "Please refactor this function");
        assertThat(gateway.post("/v1/chat/completions", narrow, body).statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void makesWhatIsTooLongShorterForThatModel(Wire wire, Sandbox sandbox) {
        String model = "s" + wire.ordinal() + "/small";
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            messages.append(
                    "{\"role\":\"user\",\"content\":\"question %d %s\"},{\"role\":\"assistant\",\"content\":\"answer %d\"},"
                            .formatted(i, "x".repeat(800), i));
        }
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"the rules\"},"
                + messages + "{\"role\":\"user\",\"content\":\"the last one\"}]}";
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers()
                        .firstValue("X-OmniRoute-Translation-Warnings")
                        .orElse(""))
                .contains("context-compressed");
        assertThat(sandbox.books(KEY).last().body())
                .contains("the rules", "the last one", "question 9")
                .doesNotContain("question 0");
        HttpResponse<String> strict = gateway.send(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Strict", "true")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(strict.body()).contains("too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"strip", "fixed", "adaptive"})
    void decidesHowMuchModelsThink(String mode, Sandbox sandbox) {
        try (Gateway thinking = Gateway.start(sandbox, """
                omniroute.providers.s0.base-url=%s
                omniroute.providers.s0.formats=openai-chat
                omniroute.providers.s0.connections.main.api-key=%s
                omniroute.shaping.thinking.mode=%s
                omniroute.shaping.thinking.effort=low
                """.formatted(sandbox.baseUrl(), KEY + "-" + mode, mode))) {
            String body =
                    "{\"model\":\"s0/chat\",\"reasoning_effort\":\"high\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
            String own = thinking.key();
            thinking.post("/v1/chat/completions", own, body.formatted("Hello"));
            String sent = sandbox.books(KEY + "-" + mode).last().body();
            if (mode.equals("strip")) {
                assertThat(sent).doesNotContain("reasoning_effort");
            } else {
                assertThat(sent).contains("\"reasoning_effort\":\"low\"");
            }
            if (mode.equals("adaptive")) {
                String turns = "\"},{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"";
                String tool = "{\"type\":\"function\",\"function\":{\"name\":\"t%d\"}}";
                String tools = "{\"tools\":["
                        + String.join(",", tool.formatted(1), tool.formatted(2), tool.formatted(3), tool.formatted(4))
                        + "],";
                String asked = body.formatted("a" + turns.repeat(12) + "y".repeat(3_000));
                thinking.post("/v1/chat/completions", own, tools + asked.substring(1));
                assertThat(sandbox.books(KEY + "-" + mode).last().body())
                        .as("2.3 times as many tokens as low")
                        .contains("\"reasoning_effort\":\"medium\"");
            }
        }
    }

    private static HttpResponse<String> chat(String model, String text) {
        return gateway.post(
                "/v1/chat/completions", key, Gateway.chatBody(model, false).replace("Hello there", text));
    }

    private static String model(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-OmniRoute-Model").orElseGet(answer::body);
    }
}
