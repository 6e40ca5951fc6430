package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.time.Duration;
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

/** Answers that are cut off after they have begun, and completed by another target. */
@ExtendWith(SandboxExtension.class)
class ContinuationTests {

    private static final String A = Gateway.CONNECTION_KEY + "-a";
    private static final String B = Gateway.CONNECTION_KEY + "-b";
    private static final String SEAM = ": omniroute-continued";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.combos.on.targets=a/chat,b/chat
                omniroute.combos.on.continuations=1
                omniroute.combos.on.deadlines.idle=2s
                omniroute.combos.twice.targets=a/chat,b/chat,c/chat
                omniroute.combos.twice.continuations=2
                omniroute.combos.calls.targets=a/tools,b/chat
                omniroute.combos.calls.continuations=1
                omniroute.combos.off.targets=a/chat,b/chat
                omniroute.providers.a.models.thinker.facts.reasoning-field=tags
                omniroute.combos.tags.targets=a/thinker,b/chat
                omniroute.combos.tags.continuations=1
                """);
        key = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.MANAGE), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Whatever ends the first answer, the client reads one that is complete, in its own format. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void completesTheAnswerInEveryFormat(Wire client, Sandbox sandbox) {
        sandbox.script(A, "cut");
        HttpResponse<String> answer = gateway.post(
                client.path("on", true),
                key,
                client.ask("on", true, "Hello there", List.of()).toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        // Google's SDK for Python takes every line for data
        assertThat(answer.body().contains(SEAM)).isEqualTo(client != Wire.GEMINI);
        Wire.Said said = client.read(answer.body(), true);
        assertThat(said.text())
                .as(answer.body())
                .startsWith("You said: ")
                .contains("cut off")
                .endsWith("all is well.");
        assertThat(said.ending()).isNotEmpty();
        String asked = sandbox.books(B).last().body();
        assertThat(asked).contains("Hello there", "You said: ", "Go on exactly where it ends");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "stall", "late-error", "malformed"})
    void doesSoAfterEveryKindOfCut(String fault, Sandbox sandbox) {
        sandbox.script(A, fault);
        HttpResponse<String> answer = gateway.chat(key, "on", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    /** The call says that it was continued, whose answer broke off, and which call went on. */
    @Test
    void isExplained(Sandbox sandbox) {
        sandbox.script(A, "cut");
        HttpResponse<String> answer = gateway.chat(key, "on", true);
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        String[] record = new String[1];
        Eventually.until("the decision is kept", Duration.ofSeconds(5), () -> {
            HttpResponse<String> kept = gateway.get("/api/usage/route-explain/" + id, key);
            record[0] = kept.body();
            return kept.statusCode() == 200;
        });
        assertThat(record[0])
                .contains("\"ending\":\"continued\"", "\"parts\":[", "\"target\":\"a/chat\"", "\"error\":");
    }

    @Test
    void goesOnAgainWithinItsBudget(Sandbox sandbox) {
        sandbox.script(A, "cut");
        sandbox.script(B, "cut");
        HttpResponse<String> answer = gateway.chat(key, "twice", true);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        assertThat(answer.body().split(SEAM, -1)).hasSize(3);
        sandbox.script(A, "cut");
        sandbox.script(B, "cut");
        HttpResponse<String> broken = gateway.chat(key, "on", true);
        assertThat(broken.body()).doesNotContain("[DONE]").contains("\"error\"");
    }

    /** A target that refuses to go on is a failure of the rest. */
    @ParameterizedTest
    @CsvSource({"500", "429"})
    void saysSoWhenNobodyGoesOn(String fault, Sandbox sandbox) {
        sandbox.script(A, "cut");
        sandbox.script(B, fault);
        HttpResponse<String> answer = gateway.chat(key, "on", true);
        assertThat(answer.body()).doesNotContain("[DONE]").contains("\"error\"");
    }

    @Test
    void neverGoesOnWithACallThatHasBegun(Sandbox sandbox) {
        sandbox.script(A, "cut");
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"parameters\":{\"type\":\"object\"}}}],";
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions", key, Gateway.chatBody("calls", true).replaceFirst("\\{", "{" + tools));
        assertThat(answer.body()).doesNotContain("[DONE]", SEAM).contains("\"error\"");
    }

    /** Half of an object and a whole one are no object. */
    @Test
    void neverGoesOnWithAnAnswerThatFollowsASchema(Sandbox sandbox) {
        sandbox.script(A, "cut");
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions",
                key,
                Gateway.chatBody("on", true).replaceFirst("\\{", "{\"response_format\":{\"type\":\"json_object\"},"));
        assertThat(answer.body()).doesNotContain("[DONE]", SEAM).contains("\"error\"");
    }

    /** Thoughts between tags are thoughts: the text goes on as text, and nobody else is told what was thought. */
    @Test
    void goesOnWithTheTextBehindAThought(Sandbox sandbox) {
        sandbox.script(A, "tagged-cut");
        HttpResponse<String> answer = gateway.chat(key, "tags", true);
        String asked = sandbox.books(B).last().body();
        assertThat(answer.body()).contains(SEAM);
        assertThat(asked).doesNotContain("<think>");
        assertThat(Wire.CHAT.read(answer.body(), true).text()).endsWith("all is well.");
    }

    /** What rests, has failed already or is not fit is not asked to go on. */
    @Test
    void asksNobodyWhoHasFailedInTheSameCall(Sandbox sandbox) {
        sandbox.script(A, "429");
        sandbox.script(B, "cut");
        long before = sandbox.books(A).calls();
        HttpResponse<String> answer = gateway.chat(key, "twice", true);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n").contains(SEAM);
        assertThat(sandbox.books(A).calls()).isEqualTo(before + 1);
    }

    @Test
    void isOffUnlessAskedFor(Sandbox sandbox) {
        sandbox.script(A, "cut");
        assertThat(gateway.chat(key, "off", true).body())
                .doesNotContain("[DONE]", SEAM)
                .contains("\"error\"");
    }

    /** An answer that is not cut off is as it would be without. */
    @ParameterizedTest
    @EnumSource(Wire.class)
    void changesNothingOfAWholeStream(Wire client) {
        HttpResponse<String> answer = gateway.post(
                client.path("on", true),
                key,
                client.ask("on", true, "Hello there", List.of()).toString());
        assertThat(client.read(answer.body(), true).text())
                .isEqualTo("You said: Hello there And the sandbox says: all is well.");
    }
}
