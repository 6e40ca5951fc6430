package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Books;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers on which several targets work. */
@ExtendWith(SandboxExtension.class)
class ComposingTests {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.combos.panel.strategy=fusion
                omniroute.combos.panel.targets=a/chat,b/chat
                omniroute.combos.panel.judge=c/chat
                omniroute.combos.panel.panel-grace=150ms
                omniroute.combos.panel.panel-time=3s
                omniroute.combos.large.strategy=fusion
                omniroute.combos.large.targets=a/chat,b/chat,c/chat
                omniroute.combos.large.panel-grace=100ms
                omniroute.combos.few.strategy=fusion
                omniroute.combos.few.targets=a/chat,b/chat,c/chat
                omniroute.combos.few.panel-most=2
                omniroute.combos.steps.strategy=pipeline
                omniroute.combos.steps.targets[0].model=a/chat
                omniroute.combos.steps.targets[0].prompt=Make a plan.
                omniroute.combos.steps.targets[1].model=b/chat
                omniroute.combos.steps.targets[1].prompt=Check the plan.
                omniroute.combos.steps.targets[2].model=c/chat
                """);
        key = gateway.key(List.of("panel", "large", "few", "steps"), Set.of(), Set.of(ApiKey.MANAGE), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget(Sandbox sandbox) {
        sandbox.forget();
    }

    /** The judge hears both answers and not whose they are; the client gets what the judge says, whole or streamed, in its format. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void letsAJudgeWriteTheAnswer(Wire wire, Sandbox sandbox) {
        for (boolean stream : List.of(false, true)) {
            sandbox.forget();
            HttpResponse<String> answer = gateway.post(
                    wire.path("panel", stream),
                    key,
                    wire.ask("panel", stream, "Is it so?", List.of()).toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("c");
            assertThat(wire.read(answer.body(), stream).text()).isNotBlank();
            String judged = books(sandbox, "c").last().body();
            assertThat(judged)
                    .contains("Is it so?")
                    .contains("[Source 1]")
                    .contains("[Source 2]")
                    .contains("You said: Is it so?")
                    .doesNotContain("a/chat")
                    .doesNotContain("b/chat");
            for (String provider : List.of("a", "b")) {
                List<Received> received = books(sandbox, provider).received();
                assertThat(received).hasSize(1);
                assertThat(received.getFirst().body()).doesNotContain("\"stream\":true");
            }
        }
    }

    /** Legacy clients have one text, which several work on all the same. */
    @ParameterizedTest
    @CsvSource({"panel,false", "panel,true", "steps,false", "steps,true"})
    void worksForLegacyClients(String combo, boolean stream, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/completions",
                key,
                "{\"model\":\"%s\",\"stream\":%s,\"prompt\":\"Is it so?\"}".formatted(combo, stream));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("c");
        assertThat(answer.body()).contains("\"text\":\"");
        assertThat(books(sandbox, "a").calls()).isEqualTo(1);
        assertThat(books(sandbox, "c").last().body()).contains("Is it so?");
    }

    @Test
    void saysWhichCallsWereItsParts() {
        HttpResponse<String> answer = gateway.chat(key, "panel", false);
        String path = "/api/usage/route-explain/";
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        Eventually.until(
                "the decision is kept",
                PATIENCE,
                () -> gateway.get(path + id, key).statusCode() == 200);
        JsonNode decision =
                JsonMapper.shared().readTree(gateway.get(path + id, key).body());
        assertThat(decision.path("strategy").asString()).isEqualTo("fusion");
        assertThat(decision.path("parts")).hasSize(2);
        decision.path("parts")
                .forEach(part -> Eventually.until(
                        "a part is explained too",
                        PATIENCE,
                        () -> gateway.get(path + part.asString(), key).statusCode() == 200));
    }

    /** Nothing is judged where there is only one answer, and it costs no further call. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void givesASingleAnswerAsItIs(Wire wire, Sandbox sandbox) {
        for (boolean stream : List.of(false, true)) {
            sandbox.forget();
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "500");
            HttpResponse<String> answer = gateway.post(
                    wire.path("panel", stream),
                    key,
                    wire.ask("panel", stream, "Is it so?", List.of()).toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
            assertThat(wire.read(answer.body(), stream).text()).contains("You said: Is it so?");
            assertThat(books(sandbox, "c").calls()).isZero();
        }
    }

    @Test
    void failsWhenNobodyAnswers(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-a", "500");
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "429");
        HttpResponse<String> answer = gateway.chat(key, "panel", false);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("fusion_no_answers");
        assertThat(answer.headers().firstValue("x-omniroute-combo-pool-size")).hasValue("2");
        assertThat(answer.headers().firstValue("x-omniroute-combo-attempted")).hasValue("a/chat, b/chat");
        assertThat(answer.headers().firstValue("x-omniroute-combo-terminal-reason"))
                .hasValue("overloaded");
        assertThat(answer.headers().firstValue("x-omniroute-recovery-action")).hasValue("retry");
        assertThat(answer.headers().firstValue("X-OmniRoute-Decision").orElse(""))
                .startsWith("strategy=fusion;");
    }

    /** A step that fails says which came before it, and which never came. */
    @Test
    void saysWhichStepHasFailed(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "429");
        HttpResponse<String> answer = gateway.chat(key, "steps", false);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("x-omniroute-combo-attempted")).hasValue("a/chat, b/chat");
        assertThat(answer.headers().firstValue("x-omniroute-combo-excluded")).hasValue("c/chat=not-asked");
        assertThat(answer.headers().firstValue("x-omniroute-combo-terminal-reason"))
                .hasValue("rate-limited");
    }

    /** The last step, which the client would have heard, is one that was asked, too. */
    @Test
    void saysThatTheLastStepHasFailed(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-c", "500");
        HttpResponse<String> answer = gateway.chat(key, "steps", false);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("x-omniroute-combo-attempted")).hasValue("a/chat, b/chat, c/chat");
        assertThat(answer.headers().firstValue("x-omniroute-combo-excluded")).isEmpty();
        assertThat(answer.headers().firstValue("x-omniroute-combo-pool-size")).hasValue("3");
    }

    @Test
    void asksNoMoreThanItMay(Sandbox sandbox) {
        assertThat(gateway.chat(key, "few", false).statusCode()).isEqualTo(200);
        assertThat(books(sandbox, "c").calls()).isZero();
        // two answers and the judge's, which is the first target's
        assertThat(books(sandbox, "a").calls()).isEqualTo(2);
        assertThat(books(sandbox, "b").calls()).isEqualTo(1);
    }

    /** When enough have answered the slowest is not waited for longer than the grace, and is stopped. */
    @Test
    void doesNotWaitForTheSlowest(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "hang");
        long begun = System.nanoTime();
        HttpResponse<String> answer = gateway.chat(key, "large", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        Eventually.until(
                "the slowest is stopped", PATIENCE, () -> books(sandbox, "b").open() == 0);
        assertThat(books(sandbox, "b").earlyCloses()).isEqualTo(1);
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        JsonNode decision = record(id);
        assertThat(decision.path("parts")).as("the one that was stopped, too").hasSize(3);
        decision.path("parts")
                .forEach(part -> assertThat(
                                record(part.asString()).path("part_of").asString())
                        .isEqualTo(id));
    }

    /** What a call is made of does not count as further calls of its key. */
    @Test
    void takesOnePlaceForAllParts(Sandbox sandbox) {
        try (Gateway narrow = Gateway.start(sandbox, """
                omniroute.limits.calls-per-key=1
                omniroute.limits.streams-per-key=1
                omniroute.combos.panel.strategy=fusion
                omniroute.combos.panel.targets=a/chat,b/chat
                """)) {
            String own = narrow.key();
            for (boolean stream : List.of(false, true)) {
                HttpResponse<String> answer = narrow.chat(own, "panel", stream);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    /** A combo as a step is what works of it, told what the step is told. */
    @Test
    void asksWhatWorksOfACombo(Sandbox sandbox) {
        try (Gateway nested = Gateway.start(sandbox, """
                omniroute.cooldowns.enabled=true
                omniroute.combos.pool.targets=a/chat,b/chat
                omniroute.combos.steps.strategy=pipeline
                omniroute.combos.steps.targets[0].model=pool
                omniroute.combos.steps.targets[0].prompt=Make a plan.
                omniroute.combos.steps.targets[1].model=c/chat
                """)) {
            String own = nested.key();
            sandbox.script(Gateway.CONNECTION_KEY + "-a", "429-retry-60s");
            assertThat(nested.chat(own, "a/chat", false).statusCode()).isEqualTo(429);
            HttpResponse<String> answer = nested.chat(own, "steps", false);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(books(sandbox, "b").last().body()).contains("Make a plan.");
        }
    }

    private static JsonNode record(String id) {
        String path = "/api/usage/route-explain/" + id;
        Eventually.until(
                "the decision is kept", PATIENCE, () -> gateway.get(path, key).statusCode() == 200);
        return JsonMapper.shared().readTree(gateway.get(path, key).body());
    }

    @ParameterizedTest
    @CsvSource({"panel", "steps"})
    void stopsAllPartsWhenTheClientLeaves(String combo, Sandbox sandbox) {
        Stream.of("a", "b", "c").forEach(provider -> sandbox.script(Gateway.CONNECTION_KEY + "-" + provider, "hang"));
        CompletableFuture<?> leaving = gateway.sendAsync(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody(combo, true)))
                .build());
        int running = combo.equals("panel") ? 2 : 1;
        Eventually.until("the parts run", PATIENCE, () -> open(sandbox) == running);
        leaving.cancel(true);
        Eventually.until("the parts are stopped", PATIENCE, () -> open(sandbox) == 0);
    }

    /** What a tool does must not be done by several. */
    @Test
    void asksOneTargetWhereThereAreTools(Sandbox sandbox) {
        String body = Wire.CHAT.ask("panel", false, "Hello", List.of("look")).toString();
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, body);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Wire.CHAT.read(answer.body(), false).calls()).hasSize(1);
        assertThat(books(sandbox, "b").calls() + books(sandbox, "c").calls()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void handsEachStepWhatTheOneBeforeItSaid(Wire wire, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                wire.path("steps", true),
                key,
                wire.ask("steps", true, "Build a house.", List.of()).toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("c");
        assertThat(wire.read(answer.body(), true).text()).isNotBlank();
        assertThat(books(sandbox, "a").last().body()).contains("Build a house.").contains("Make a plan.");
        assertThat(books(sandbox, "b").last().body())
                .contains("Build a house.")
                .contains("Check the plan.")
                .contains("You said: Make a plan.");
        assertThat(books(sandbox, "c").last().body())
                .contains("Build a house.")
                .contains("You said: Check the plan.")
                .doesNotContain("Make a plan.\n\nThe step");
    }

    @Test
    void endsWithTheStepThatFails(Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "500");
        HttpResponse<String> answer = gateway.chat(key, "steps", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        sandbox.script(Gateway.CONNECTION_KEY + "-b", "429");
        assertThat(gateway.chat(key, "steps", false).statusCode()).isEqualTo(429);
        assertThat(books(sandbox, "c").calls()).isZero();
    }

    /** What a step says of its failure is what a call of it alone says. */
    @ParameterizedTest
    @CsvSource({"401,upstream_auth_failed", "402,upstream_quota_exhausted", "500,bad_gateway", "429,rate_limit_exceeded"
    })
    void failsInTheWordsOfItsStep(String fault, String code, Sandbox sandbox) {
        sandbox.script(Gateway.CONNECTION_KEY + "-b", fault, fault);
        HttpResponse<String> whole = gateway.chat(key, "steps", false);
        HttpResponse<String> alone = gateway.chat(gateway.key(), "b/chat", false);
        assertThat(whole.statusCode()).isEqualTo(alone.statusCode());
        JsonNode told = JsonMapper.shared().readTree(whole.body()).path("error");
        assertThat(told.path("code").asString()).isEqualTo(code);
        assertThat(told.path("message"))
                .isEqualTo(
                        JsonMapper.shared().readTree(alone.body()).path("error").path("message"));
    }

    private static int open(Sandbox sandbox) {
        return Stream.of("a", "b", "c")
                .mapToInt(provider -> books(sandbox, provider).open())
                .sum();
    }

    private static Books books(Sandbox sandbox, String provider) {
        return sandbox.books(Gateway.CONNECTION_KEY + "-" + provider);
    }
}
