package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.filters.observe.ProviderStates;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Combos: the next target answers when one fails, until content has left. */
@ExtendWith(SandboxExtension.class)
class FallbackTests {

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.combos.two.targets=a/chat,b/chat
                omniroute.combos.dead.targets=dead/chat,b/chat
                omniroute.combos.slow.targets[0].model=a/chat
                omniroute.combos.slow.targets[0].deadlines.first-content=300ms
                omniroute.combos.slow.targets[0].deadlines.response-headers=300ms
                omniroute.combos.slow.targets[1].model=b/chat
                omniroute.combos.picky.targets=a/chat,b/chat
                omniroute.combos.picky.fall-back-on=rate-limited
                omniroute.combos.wider.targets=a/chat,b/chat
                omniroute.combos.wider.fall-back-on=context-too-long,invalid-request
                omniroute.combos.pictures.targets=nofetch/chat,b/chat
                omniroute.combos.pictures.retries=2
                omniroute.combos.seen.targets=a/chat,nofetch/chat
                omniroute.combos.seen.retries=1
                omniroute.combos.seen.retry-delay=1ms
                omniroute.providers.nofetch.base-url=%1$s
                omniroute.providers.nofetch.formats=gemini
                omniroute.providers.nofetch.connections.main.api-key=x
                omniroute.providers.nofetch.connections.spare.api-key=y
                omniroute.providers.nofetch.models.chat.facts.unsupported=remote_media
                omniroute.providers.pair.base-url=%1$s
                omniroute.providers.pair.formats=openai-chat
                omniroute.providers.pair.connections.one.api-key=sandbox-pair-one
                omniroute.providers.pair.connections.spare.api-key=sandbox-pair-spare
                omniroute.providers.pair.connections.spare.priority=9
                omniroute.providers.dead.base-url=http://127.0.0.1:1/v1
                omniroute.providers.dead.formats=openai-chat
                omniroute.providers.dead.connections.main.api-key=x
                """.formatted(sandbox.baseUrl()));
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "500",
                "502",
                "503",
                "504",
                "408",
                "429-retry-2s",
                "529",
                "401",
                "403",
                "402",
                "404",
                "reset",
                "malformed",
                "error-200",
                "html-503",
                "empty"
            })
    void fallsBackOnEveryFailureThatIsNotTheRequests(String failure, Sandbox sandbox) {
        fails(sandbox, failure);
        HttpResponse<String> answer = gateway.chat(key, "two", false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("1");
    }

    /** What is overloaded or unknown at one account need not be at another. */
    @ParameterizedTest
    @ValueSource(strings = {"500", "503", "529", "404", "401", "429"})
    void fallsBackToAnotherAccount(String failure, Sandbox sandbox) {
        sandbox.script("sandbox-pair-one", failure);
        HttpResponse<String> answer = gateway.chat(key, "pair/chat", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("1");
    }

    /** That an answer broke off before it had begun is no failure of another kind. */
    @Test
    void asksOnceMoreWhateverTheComboFallsBackOn(Sandbox sandbox) {
        fails(sandbox, "drop");
        HttpResponse<String> answer = gateway.chat(key, "picky", false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "529", "first-error", "reset", "error-200"})
    void fallsBackInAStreamUntilTheFirstContent(String failure, Sandbox sandbox) {
        fails(sandbox, failure);
        HttpResponse<String> answer = gateway.chat(key, "two", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("error");
        assertThat(answer.body().split("\"role\":\"assistant\"", -1))
                .as("one role event")
                .hasSize(2);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
    }

    @Test
    void doesNotFallBackOnceContentHasLeft(Sandbox sandbox) {
        fails(sandbox, "late-error");
        HttpResponse<String> answer = gateway.chat(key, "two", true);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
        assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "413", "422"})
    void doesNotFallBackOnTheRequestsOwnFailure(String failure, Sandbox sandbox) {
        fails(sandbox, failure);
        HttpResponse<String> answer = gateway.chat(key, "two", false);
        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(failure));
        assertThat(sandbox.books(connection("a")).last().body()).contains("chat");
    }

    /** A model with a larger window may take what this one does not. */
    @ParameterizedTest
    @ValueSource(strings = {"context", "400"})
    void fallsBackOnTheRequestsOwnFailureWhereTheComboSaysSo(String failure, Sandbox sandbox) {
        fails(sandbox, failure);
        HttpResponse<String> answer = gateway.chat(key, "wider", false);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
        sandbox.script(connection("a"), failure);
        sandbox.script(connection("b"), "413");
        assertThat(gateway.chat(key, "wider", false).statusCode()).isEqualTo(413);
    }

    /** What the gateway cannot ask a model for it asks the next one for at once, and holds it against nobody. */
    @Test
    void goesOnWhereATargetCannotBeAsked() {
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, """
                {"model":"pictures","messages":[{"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}""");
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider"))
                .as(answer.body())
                .hasValue("b");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("1");
        HttpResponse<String> alone = gateway.post("/v1/chat/completions", key, """
                {"model":"nofetch/chat","messages":[{"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}""");
        assertThat(alone.statusCode()).isEqualTo(400);
        assertThat(alone.body()).contains("unsupported_media_source");
        assertThat(gateway.bean(ProviderStates.class)
                        .health()
                        .getDetails()
                        .get("nofetch")
                        .toString())
                .contains("unknown");
    }

    /** What a target cannot be asked keeps nobody from asking the others again, and is not what the client is told. */
    @Test
    void asksAgainWhereOnlyTheLastTargetCannotBeAsked(Sandbox sandbox) {
        String picture = """
                {"model":"seen","messages":[{"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}""";
        sandbox.script(connection("a"), "500");
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, picture);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        sandbox.script(connection("a"), "500", "503");
        assertThat(gateway.post("/v1/chat/completions", key, picture).statusCode())
                .isEqualTo(503);
    }

    @Test
    void fallsBackWhenNobodyListens() {
        assertThat(gateway.chat(key, "dead", false).headers().firstValue("X-OmniRoute-Provider"))
                .hasValue("b");
        HttpResponse<String> alone = gateway.chat(key, "dead/chat", false);
        assertThat(alone.statusCode()).isEqualTo(502);
        assertThat(alone.body()).doesNotContain("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "slow-5s", "think-5s"})
    void fallsBackWhenATargetIsTooSlow(String failure, Sandbox sandbox) {
        fails(sandbox, failure);
        HttpResponse<String> answer = gateway.chat(key, "slow", true);
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void fallsBackOnlyOnTheKindsThatTheComboLists(Sandbox sandbox) {
        fails(sandbox, "429");
        assertThat(gateway.chat(key, "picky", false).statusCode()).isEqualTo(200);
        fails(sandbox, "503");
        assertThat(gateway.chat(key, "picky", false).statusCode()).isEqualTo(503);
    }

    @Test
    void answersWithTheLastFailureWhenAllFail(Sandbox sandbox) {
        sandbox.script(connection("a"), "503");
        sandbox.script(connection("b"), "429-retry-7s");
        HttpResponse<String> answer = gateway.chat(key, "two", false);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).hasValue("1");
    }

    private static void fails(Sandbox sandbox, String how) {
        sandbox.script(connection("a"), how);
    }

    private static String connection(String provider) {
        return Gateway.CONNECTION_KEY + "-" + provider;
    }
}
