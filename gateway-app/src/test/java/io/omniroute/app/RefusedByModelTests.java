package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model is known to refuse does not get to it, in its own format either. */
@ExtendWith(SandboxExtension.class)
class RefusedByModelTests {

    private static final String WARNINGS = "X-OmniRoute-Translation-Warnings";
    private static Gateway gateway;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, Wire.providers(sandbox) + """
                omniroute.providers.to-chat.models.parrot.facts.thinking=none
                omniroute.providers.to-chat.models[gpt-4-thinker].facts.thinking=effort
                """);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-4.1|\"reasoning_effort\":\"high\", |``|thinking-dropped;path=reasoning_effort",
                "gpt-4o|\"thinking\":{\"type\":\"enabled\"},\"enable_thinking\":true, |``|thinking-dropped;path=thinking, thinking-dropped;path=enable_thinking",
                "gpt-4o-mini|\"reasoning_effort\":\"none\", |``|``",
                "parrot|\"reasoning\":{\"effort\":\"low\"}, |``|thinking-dropped;path=reasoning",
                "gpt-5.1|\"reasoning_effort\":\"high\", |\"reasoning_effort\":\"high\", |``",
                "nobody-knows|\"enable_thinking\":false, |\"enable_thinking\":false, |``"
            },
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false)
    void leavesOutHowMuchToThinkWhereTheModelRefusesToBeTold(
            String model, String said, String heard, String warnings, Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", gateway.key(), body(model, said));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .isEqualTo(body(model, heard).replace("to-chat/", ""));
        assertThat(answer.headers().firstValue(WARNINGS).orElse("")).isEqualTo(warnings);
    }

    /** What is configured of a model goes before what is known of it. */
    @Test
    void tellsItWhereThatIsConfigured(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions", gateway.key(), body("gpt-4-thinker", "\"reasoning_effort\":\"high\", "));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(sandbox.books("sandbox-translation").last().body()).contains("reasoning_effort");
    }

    @Test
    void refusesStrictClients() {
        HttpResponse<String> answer = gateway.send(gateway.request("/v1/chat/completions", gateway.key())
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Strict", "true")
                .POST(HttpRequest.BodyPublishers.ofString(body("gpt-4.1", "\"reasoning_effort\":\"high\", ")))
                .build());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"param\":\"reasoning_effort\"", "unsupported_feature");
    }

    /** So is a body that is written anew because of what it carries of another provider. */
    @Test
    void leavesItOutOfWhatIsWrittenAnew(Sandbox sandbox) {
        String body = body("gpt-4.1", "\"thinking\":{\"type\":\"enabled\"}, ").replace("Hi", "or1.x");
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", gateway.key(), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(WARNINGS)).hasValue("thinking-dropped;path=thinking");
        assertThat(sandbox.books("sandbox-translation").last().body()).doesNotContain("thinking");
    }

    @Test
    void leavesItOutOfResponsesToo(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.post(
                "/v1/responses",
                gateway.key(),
                "{\"model\":\"to-responses/gpt-4.1\",\"store\":false,\"reasoning\":{\"effort\":\"high\"},\"input\":\"Hi\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(WARNINGS)).hasValue("thinking-dropped;path=reasoning");
        assertThat(sandbox.books("sandbox-translation").last().body())
                .isEqualTo("{\"model\":\"gpt-4.1\",\"store\":false,\"input\":\"Hi\"}");
    }

    private static String body(String model, String said) {
        return "{\"model\":\"to-chat/" + model + "\", " + said
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }
}
