package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Combos that are there without being declared. */
@ExtendWith(SandboxExtension.class)
class AutoTests {

    private static final String PRICE = "omniroute.providers.%s.models[%s].facts.%s-price=%d\n";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        String settings = """
                omniroute.auto.exploration=0
                omniroute.auto.modes[quality-first].task=1
                omniroute.providers.a.models[claude-opus-4-5].operations=chat
                omniroute.providers.b.models[gpt-5.1-nano].operations=chat
                omniroute.providers.c.models[llama-3.3-70b].operations=chat
                omniroute.aliases[auto/fast]=c/llama-3.3-70b
                """
                + PRICE.formatted("a", "claude-opus-4-5", "input", 15_000_000)
                + PRICE.formatted("a", "claude-opus-4-5", "output", 75_000_000)
                + PRICE.formatted("b", "gpt-5.1-nano", "input", 15_000_000)
                + PRICE.formatted("b", "gpt-5.1-nano", "output", 75_000_000)
                + PRICE.formatted("c", "llama-3.3-70b", "input", 0)
                + PRICE.formatted("c", "llama-3.3-70b", "output", 0);
        gateway = Gateway.start(sandbox, settings);
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** What is free is known to be, and nothing else is called for nothing. */
    @Test
    void callsOnlyWhatIsFree(Sandbox sandbox) {
        for (int i = 0; i < 8; i++) {
            assertThat(model("auto/best-free", "Hello")).isEqualTo("c/llama-3.3-70b");
        }
        sandbox.script(Gateway.CONNECTION_KEY + "-c", "500");
        assertThat(gateway.chat(key, "auto/best-free", false).statusCode()).isEqualTo(502);
    }

    /** Where nothing else counts: how fast and how often they have answered is another matter. */
    @ParameterizedTest
    @CsvSource({"auto/coding,Hello", "auto/best-coding,Hello", "auto/smart,Please refactor this function"})
    void prefersWhatIsGoodAtTheTask(String name, String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            counts.merge(model(name, text), 1, Integer::sum);
        }
        assertThat(counts).as(name).containsOnlyKeys("a/claude-opus-4-5");
    }

    @Test
    void lastsAlthoughSomethingFails(Sandbox sandbox) {
        for (String name : List.of("auto", "auto/cheap", "auto/lkgp", "auto/offline", "auto/best-chat")) {
            for (String provider : List.of("a", "b", "c")) {
                String account = Gateway.CONNECTION_KEY + "-" + provider;
                sandbox.script(account, "500");
                assertThat(gateway.chat(key, name, false).statusCode()).as(name).isEqualTo(200);
                // whether it was asked is chance, and the next test's call must not meet what was meant for this one
                sandbox.script(account);
            }
        }
    }

    /** A client may say what matters to it; a mode that there is not is its own fault. */
    @Test
    void takesTheModeThatAClientAsksFor() {
        assertThat(inMode("free").statusCode()).isEqualTo(400);
        assertThat(inMode("free").body()).contains("X-OmniRoute-Mode").contains("cost-saver");
        for (String mode : List.of("fast", "cheap", "quality", "balanced", "reliable", "offline", "cost-saver")) {
            assertThat(inMode(mode).statusCode()).as(mode).isEqualTo(200);
        }
    }

    private static HttpResponse<String> inMode(String mode) {
        return gateway.send(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-OmniRoute-Mode", mode)
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("auto", false)))
                .build());
    }

    @Test
    void knowsTheModelsOfAProvider() {
        assertThat(model("provider/b", "Hello")).startsWith("b/");
        assertThat(gateway.chat(key, "provider/nobody", false).statusCode()).isEqualTo(404);
    }

    /** A name that is declared means what it was declared to mean. */
    @Test
    void givesWayToWhatIsDeclared() {
        assertThat(model("auto/fast", "Hello")).isEqualTo("c/llama-3.3-70b");
    }

    @Test
    void isListedAndGrantedLikeAnyCombo() {
        assertThat(gateway.get("/v1/models", key).body())
                .contains("\"auto/coding\"")
                .contains("\"provider/b\"");
        String narrow = gateway.key(List.of("auto/coding"), Set.of(), Set.of(), null);
        assertThat(gateway.chat(narrow, "auto/coding", false).statusCode()).isEqualTo(200);
        assertThat(gateway.chat(narrow, "auto", false).statusCode()).isEqualTo(403);
        assertThat(gateway.chat(narrow, "a/claude-opus-4-5", false).statusCode())
                .isEqualTo(403);
        assertThat(gateway.get("/v1/models", narrow).body())
                .contains("\"auto/coding\"")
                .doesNotContain("\"auto\"");
    }

    /** Nobody has said what is in it, so nobody has granted more with its name than the key has anyway. */
    @Test
    void leavesOutWhatTheKeyMayNotCall() {
        String without = gateway.key(List.of("*", "!a/*", "!B/GPT*"), Set.of(), Set.of(), null);
        String only = gateway.key(List.of("b/gpt-5.1-nano"), Set.of(), Set.of(), null);
        for (String name : List.of("auto", "auto/best-coding", "auto/lkgp", "auto/smart")) {
            for (int i = 0; i < 6; i++) {
                assertThat(answered(without, name))
                        .as(name)
                        .doesNotStartWith("a/")
                        .doesNotContain("gpt");
                assertThat(answered(only, name)).as(name).isEqualTo("b/gpt-5.1-nano");
            }
        }
        assertThat(gateway.chat(without, "provider/a", false).statusCode()).isEqualTo(403);
        assertThat(gateway.get("/v1/models", without).body())
                .contains("\"auto\"", "\"provider/b\"")
                .doesNotContain("\"provider/a\"");
        String noAuto = gateway.key(List.of("*", "!auto*"), Set.of(), Set.of(), null);
        assertThat(gateway.chat(noAuto, "auto", false).statusCode()).isEqualTo(403);
    }

    private static String answered(String key, String name) {
        HttpResponse<String> answer = gateway.chat(key, name, false);
        return answer.headers().firstValue("X-OmniRoute-Model").orElseGet(answer::body);
    }

    private static String model(String name, String text) {
        HttpResponse<String> answer = gateway.post(
                "/v1/chat/completions", key, Gateway.chatBody(name, false).replace("Hello there", text));
        return answer.headers().firstValue("X-OmniRoute-Model").orElseGet(answer::body);
    }
}
