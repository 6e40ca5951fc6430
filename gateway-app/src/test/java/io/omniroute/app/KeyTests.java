package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.config.KeySecret;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys: every form of presenting one passes the same check, and none reaches a provider. */
@GatewayTest
class KeyTests {

    @ParameterizedTest
    @CsvSource({"Authorization,Bearer %s", "authorization,bearer %s", "x-api-key,%s", "x-goog-api-key,%s"})
    void takesAKeyInEveryForm(String header, String form, Gateway gateway, Sandbox sandbox) {
        String key = gateway.key();
        HttpRequest.Builder request =
                gateway.request("/v1/chat/completions", "").header(header, form.formatted(key));
        assertThat(post(gateway, request).statusCode()).isEqualTo(200);
        Received received = sandbox.books(Gateway.CONNECTION_KEY + "-a").last();
        assertThat(received.headers().toString()).doesNotContain(key);
    }

    @Test
    void takesAKeyInTheQueryAndRemovesIt(Gateway gateway, Sandbox sandbox) {
        String key = gateway.key();
        assertThat(post(gateway, gateway.request("/v1/chat/completions?key=" + key, ""))
                        .statusCode())
                .isEqualTo(200);
        Received received = sandbox.books(Gateway.CONNECTION_KEY + "-a").last();
        assertThat(received.toString()).doesNotContain(key);
        assertThat(gateway.get("/v1/models?key=nobody", "").statusCode()).isEqualTo(401);
    }

    @Test
    void refusesNoKeyAnUnknownOneAMistypedOneAndSeveral(Gateway gateway) {
        String key = gateway.key();
        assertThat(gateway.chat("", "a/chat", false).statusCode()).isEqualTo(401);
        assertThat(gateway.chat("nobody", "a/chat", false).statusCode()).isEqualTo(401);
        assertThat(gateway.chat(KeySecret.generate(new SecureRandom()), "a/chat", false)
                        .statusCode())
                .isEqualTo(401);
        assertThat(gateway.chat(key.substring(0, key.length() - 1) + "!", "a/chat", false)
                        .statusCode())
                .isEqualTo(401);
        HttpRequest.Builder two = gateway.request("/v1/chat/completions", key).header("x-api-key", gateway.key());
        HttpResponse<String> answer = post(gateway, two);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("\"type\":\"authentication_error\"")
                .contains("\"code\":\"invalid_api_key\"");
        HttpRequest.Builder same = gateway.request("/v1/chat/completions", key).header("x-api-key", key);
        assertThat(post(gateway, same).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAnExpiredKey(Gateway gateway) {
        String past =
                gateway.key(List.of("*"), Set.of(), Set.of(), Instant.now().minusSeconds(1));
        String future =
                gateway.key(List.of("*"), Set.of(), Set.of(), Instant.now().plusSeconds(600));
        assertThat(gateway.chat(past, "a/chat", false).body()).contains("has expired");
        assertThat(gateway.chat(future, "a/chat", false).statusCode()).isEqualTo(200);
    }

    @Test
    void limitsAKeyToItsEndpoints(Gateway gateway) {
        String key = gateway.key(List.of("*"), Set.of("embeddings"), Set.of(), null);
        HttpResponse<String> chat = gateway.chat(key, "a/chat", false);
        assertThat(chat.statusCode()).isEqualTo(403);
        assertThat(chat.body()).contains("\"type\":\"permission_error\"").contains("may not ask for chat");
        assertThat(gateway.post("/v1/embeddings", key, "{\"model\":\"a/embed\",\"input\":\"x\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*            | a/chat | 200",
                "a/*          | a/chat | 200",
                "a/*          | b/chat | 403",
                "a/*          | fast   | 200", // the alias leads to a granted model
                "a/*          | smart  | 403", // one of the combo's targets is not granted
                "smart        | smart  | 200", // a name granted as such grants its targets
                "smart        | best   | 403", // but not another name of the same combo
                "smart        | a/chat | 403",
                "chat         | a/chat | 403", // never the bare tail
                "A/*          | a/chat | 403", // case matters
                "*;!b/*       | smart  | 403", // a denial holds for every target
                "*;!b/*       | a/chat | 200",
                "only-b       | only-b | 403", // a bare model is its whole name
                "b/only-b     | only-b | 200",
                "*            | nope   | 404",
                "''           | a/chat | 403"
            })
    void grantsByPatternOverWholeNames(String patterns, String model, int status, Gateway gateway) {
        List<String> models = patterns.isEmpty() ? List.of() : List.of(patterns.split(";"));
        String key = gateway.key(models, Set.of(), Set.of(), null);
        assertThat(gateway.chat(key, model, false).statusCode()).isEqualTo(status);
    }

    @Test
    void asksWhichModelIsMeantWhereSeveralProvidersHaveIt(Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "chat", false);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("model_ambiguous").contains("a/chat").contains("b/chat");
        String onlyA = gateway.key(List.of("a/*"), Set.of(), Set.of(), null);
        assertThat(gateway.chat(onlyA, "chat", false).body()).contains("a/chat").doesNotContain("b/chat");
    }

    private static HttpResponse<String> post(Gateway gateway, HttpRequest.Builder request) {
        return gateway.send(request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("a/chat", false)))
                .build());
    }
}
