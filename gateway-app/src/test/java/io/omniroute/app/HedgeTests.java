package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two targets at once, where the first is slow. */
@ExtendWith(SandboxExtension.class)
class HedgeTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String A = Gateway.CONNECTION_KEY + "-a";
    private static final String B = Gateway.CONNECTION_KEY + "-b";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.combos.race.targets=a/race,b/race
                omniroute.combos.race.hedge-after=50ms
                omniroute.combos.calm.targets=a/race,b/race
                omniroute.combos.calm.hedge-after=5s
                omniroute.combos.three.targets=a/race,b/race,c/race
                omniroute.combos.three.hedge-after=50ms
                omniroute.combos.alone.targets=a/race,a/other
                omniroute.combos.alone.hedge-after=50ms
                """);
        key = gateway.key(List.of("*"), Set.of(), Set.of("hosted-tools", ApiKey.MANAGE), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A second that was not asked any more has left its step. */
    @BeforeEach
    void forget(Sandbox sandbox) {
        List.of(A, B).forEach(key -> sandbox.script(key));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesTheFirstContentAndEndsTheOther(boolean stream, Sandbox sandbox) {
        sandbox.script(A, "hang");
        long before = sandbox.books(A).earlyCloses();
        HttpResponse<String> answer = gateway.chat(key, "race", stream);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(provider(answer)).isEqualTo("b");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts"))
                .as("the slow one did not fail")
                .isEmpty();
        Eventually.until(
                "the slow one is cancelled",
                PATIENCE,
                () -> sandbox.books(A).earlyCloses() >= before + 1
                        && sandbox.books(A).openStreams() == 0);
        JsonNode attempts = explanation(answer).path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.path(0).path("target").asString())
                .as("as they began")
                .isEqualTo("a/race");
        attempts.forEach(attempt -> assertThat(attempt.has("cancelled"))
                .isEqualTo(attempt.path("target").asString().equals("a/race")));
        attempts.forEach(attempt -> assertThat(attempt.path("why").asString())
                .isEqualTo(attempt.path("target").asString().equals("a/race") ? "first" : "hedge"));
    }

    /** Both are owed for: what was asked of the one that lost, and all of the one that won. */
    @Test
    void owesForBoth(Sandbox sandbox) {
        double first = tokens("first", "input");
        double hedged = tokens("hedge", "output");
        sandbox.script(A, "hang");
        assertThat(gateway.chat(key, "race", true).statusCode()).isEqualTo(200);
        Eventually.until(
                "both are counted",
                PATIENCE,
                () -> tokens("first", "input") > first && tokens("hedge", "output") > hedged);
    }

    private static double tokens(String reason, String direction) {
        return gateway.bean(MeterRegistry.class)
                .counter("omniroute.attempts.tokens", "reason", reason, "direction", direction)
                .count();
    }

    /** The order of their ends is another one. */
    @Test
    void tellsOfAttemptsAsTheyBegan(Sandbox sandbox) {
        sandbox.script(A, "slow-600ms");
        sandbox.script(B, "hang");
        HttpResponse<String> answer = gateway.chat(key, "race", false);
        assertThat(provider(answer)).isEqualTo("a");
        JsonNode attempts = explanation(answer).path("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.path(0).path("target").asString()).isEqualTo("a/race");
        assertThat(attempts.path(1).path("cancelled").asBoolean()).isTrue();
    }

    @Test
    void keepsTheFirstWhenItIsFaster(Sandbox sandbox) {
        long before = sandbox.books(B).calls();
        sandbox.script(A, "slow-10ms");
        assertThat(provider(gateway.chat(key, "calm", true))).isEqualTo("a");
        assertThat(sandbox.books(B).calls()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "429", "first-error", "400"})
    void letsNoFailureWin(String failure, Sandbox sandbox) {
        sandbox.script(A, "slow-300ms");
        sandbox.script(B, failure);
        HttpResponse<String> answer = gateway.chat(key, "race", true);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(provider(answer)).isEqualTo("a");
        assertThat(answer.body()).contains("[DONE]");
    }

    /** An answer that breaks off before it has begun is asked for once more at the same account, beside the one that still runs. */
    @Test
    void triesWhatBreaksOffOnceMore(Sandbox sandbox) {
        sandbox.script(A, List.of("hang"));
        sandbox.script(B, List.of("drop", ""));
        long before = sandbox.books(B).calls();
        HttpResponse<String> answer = gateway.chat(key, "race", true);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(provider(answer)).isEqualTo("b");
        assertThat(sandbox.books(B).calls()).isEqualTo(before + 2);
    }

    /** Content has left: it is too late to ask the other. */
    @Test
    void staysWithContentThatIsCutOffLater(Sandbox sandbox) {
        sandbox.script(A, "hang");
        sandbox.script(B, "cut");
        HttpResponse<String> answer = gateway.chat(key, "race", true);
        assertThat(provider(answer)).isEqualTo("b");
        assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
    }

    @Test
    void goesOnWithTheOtherWhenTheFirstFails(Sandbox sandbox) {
        sandbox.script(A, "slow-150ms-500");
        sandbox.script(B, "slow-300ms");
        assertThat(provider(gateway.chat(key, "race", false))).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "429", "429-retry-60s", "401", "503", "first-error", "reset"})
    void letsTheNextTakeThePlaceOfTheSecond(String failure, Sandbox sandbox) {
        sandbox.script(A, "slow-20s");
        sandbox.script(B, failure);
        HttpResponse<String> answer = gateway.chat(key, "three", true);
        assertThat(provider(answer)).isEqualTo("c");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("1");
    }

    /** Whichever of the two fails, the other is not left alone with a slow answer. */
    @Test
    void letsTheNextTakeThePlaceOfTheFirst(Sandbox sandbox) {
        sandbox.script(A, "slow-150ms-429");
        sandbox.script(B, "slow-20s");
        HttpResponse<String> answer = gateway.chat(key, "three", true);
        assertThat(provider(answer)).isEqualTo("c");
    }

    @Test
    void failsWhenBothFail(Sandbox sandbox) {
        sandbox.script(A, "slow-150ms-500");
        sandbox.script(B, "slow-150ms-503");
        HttpResponse<String> answer = gateway.chat(key, "race", false);
        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(answer.headers().firstValue("X-OmniRoute-Combo-Attempted"))
                .hasValueSatisfying(
                        tried -> assertThat(tried).contains("a/race").contains("b/race"));
    }

    /** What the client did wrong is told at once, and nobody else is asked. */
    @Test
    void endsWithTheClientsOwnFault(Sandbox sandbox) {
        sandbox.script(A, "slow-150ms-400");
        sandbox.script(B, "hang");
        assertThat(gateway.chat(key, "race", false).statusCode()).isEqualTo(400);
        Eventually.until(
                "nothing runs any more", PATIENCE, () -> sandbox.books(B).openStreams() == 0);
    }

    @Test
    void endsBothWhenTheClientLeaves(Sandbox sandbox) {
        sandbox.script(A, "hang");
        sandbox.script(B, "hang");
        long before = sandbox.books(A).earlyCloses() + sandbox.books(B).earlyCloses();
        long calls = sandbox.books(B).calls();
        CompletableFuture<?> leaving = gateway.sendAsync(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("race", true)))
                .build());
        Eventually.until("both run", PATIENCE, () -> sandbox.books(B).calls() == calls + 1);
        leaving.cancel(true);
        Eventually.until(
                "both are cancelled",
                PATIENCE,
                () -> sandbox.books(A).earlyCloses() + sandbox.books(B).earlyCloses() >= before + 2);
    }

    @Test
    void neverPairsTargetsOfOneAccount(Sandbox sandbox) {
        long before = sandbox.books(A).calls();
        sandbox.script(A, "slow-200ms");
        assertThat(gateway.chat(key, "alone", false).statusCode()).isEqualTo(200);
        assertThat(sandbox.books(A).calls()).isEqualTo(before + 1);
    }

    /** A search that the provider runs must not run twice. */
    @Test
    void neverPairsCallsWithTheProvidersOwnWork(Sandbox sandbox) {
        long before = sandbox.books(B).calls();
        sandbox.script(A, "slow-200ms");
        String body = Gateway.chatBody("race", false).replace("\"messages\"", "\"web_search_options\":{},\"messages\"");
        assertThat(provider(gateway.post("/v1/chat/completions", key, body))).isEqualTo("a");
        assertThat(sandbox.books(B).calls()).isEqualTo(before);
    }

    private static JsonNode explanation(HttpResponse<String> answer) {
        String path = "/api/usage/route-explain/"
                + answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        Eventually.until(
                "the decision is kept", PATIENCE, () -> gateway.get(path, key).statusCode() == 200);
        return JsonMapper.shared().readTree(gateway.get(path, key).body());
    }

    private static String provider(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-OmniRoute-Provider").orElseGet(() -> answer.statusCode() + answer.body());
    }
}
