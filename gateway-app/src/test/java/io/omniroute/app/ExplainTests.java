package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Why a call went where it went, and that a call goes where the explanation says. */
@ExtendWith(SandboxExtension.class)
class ExplainTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Gateway gateway;
    private static String key;
    private static String manager;

    @BeforeAll
    static void start(Sandbox sandbox) {
        StringBuilder settings = new StringBuilder("omniroute.cooldowns.enabled=true\n");
        for (String strategy : List.of("priority", "round-robin", "strict-random", "least-used", "cache-optimized")) {
            settings.append("omniroute.combos.x-%1$s.strategy=%1$s\n".formatted(strategy))
                    .append("omniroute.combos.x-%1$s.targets=a/%1$s,b/%1$s,c/%1$s\n".formatted(strategy));
        }
        settings.append("omniroute.combos.tired.targets=tired/chat,b/chat\n")
                .append("omniroute.providers.tired.base-url=" + sandbox.baseUrl() + "\n")
                .append("omniroute.providers.tired.formats=openai-chat\n")
                .append("omniroute.providers.tired.connections.main.api-key=sandbox-tired\n")
                .append("omniroute.combos.siblings.targets=sibling/one,sibling/two,b/chat\n")
                .append("omniroute.providers.sibling.base-url=" + sandbox.baseUrl() + "\n")
                .append("omniroute.providers.sibling.formats=openai-chat\n")
                .append("omniroute.providers.sibling.connections.main.api-key=sandbox-sibling\n")
                .append("omniroute.providers.tired.models.vectors.operations=embeddings\n")
                .append("omniroute.providers.b.connections.main.tags=eu\n")
                .append("omniroute.providers.off.base-url=" + sandbox.baseUrl() + "\n")
                .append("omniroute.providers.off.formats=openai-chat\n")
                .append("omniroute.providers.off.connections.first.api-key=x\n")
                .append("omniroute.providers.off.connections.first.enabled=false\n")
                .append("omniroute.combos.partly.targets=off/chat,b/chat\n")
                .append("omniroute.combos.seeing.strategy=pipeline\n")
                .append("omniroute.combos.seeing.targets=b/chat,a/blind\n")
                .append("omniroute.combos.blind.targets=a/blind,a/blind@main\n")
                .append("omniroute.combos.blinds.strategy=fusion\n")
                .append("omniroute.combos.blinds.targets=a/blind,a/blind@main\n")
                .append("omniroute.combos.steps.strategy=pipeline\n")
                .append("omniroute.combos.steps.targets=b/one,c/two\n")
                .append("omniroute.combos.panel.strategy=fusion\n")
                .append("omniroute.combos.panel.targets=a/one,b/two,c/three\n")
                .append("omniroute.combos.panel.panel-most=2\n")
                .append("omniroute.combos.tagged.targets=a/chat,b/chat\n");
        settings.append("omniroute.combos.x-auto.strategy=auto\n")
                .append("omniroute.combos.x-auto.targets=a/blind,b/chat,c/chat\n")
                .append("omniroute.providers.a.models.blind.operations=chat\n")
                .append("omniroute.providers.a.models.blind.facts.vision=false\n")
                .append("omniroute.providers.a.models.priced.operations=chat\n")
                .append("omniroute.providers.a.models.priced.facts.input-price=1000000\n")
                .append("omniroute.providers.a.models.priced.facts.output-price=2000000\n");
        gateway = Gateway.start(sandbox, settings.toString());
        key = gateway.key();
        manager = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void tellsWhatWasTriedAndWhatRested(Sandbox sandbox) {
        sandbox.script("sandbox-tired", "429-retry-60s");
        HttpResponse<String> first = gateway.chat(key, "tired", false);
        assertThat(first.headers().firstValue("X-OmniRoute-Decision").orElseThrow())
                .matches("strategy=priority; provider=b; latency_ms=\\d+");
        JsonNode decided = decided(first);
        assertThat(decided.path("asked").asString()).isEqualTo("tired");
        assertThat(decided.path("team").asString()).isEqualTo("team");
        assertThat(decided.path("status").asInt()).isEqualTo(200);
        assertThat(decided.at("/candidates/0/state").asString()).isEqualTo("ready");
        assertThat(decided.at("/attempts/0/target").asString()).isEqualTo("tired/chat");
        assertThat(decided.at("/attempts/0/error").asString()).isEqualTo("rate-limited");
        assertThat(decided.at("/attempts/0/scope").asString()).isEqualTo("connection");
        assertThat(decided.at("/attempts/1/target").asString()).isEqualTo("b/chat");
        assertThat(decided.at("/attempts/1").has("error")).isFalse();
        JsonNode second = decided(gateway.chat(key, "tired", true));
        assertThat(second.at("/candidates/0/state").asString()).isEqualTo("resting");
        assertThat(second.at("/candidates/0/reason").asString()).isEqualTo("rate-limited");
        assertThat(second.at("/candidates/0/rests_ms").asLong()).isBetween(50_000L, 60_000L);
        assertThat(second.path("attempts")).hasSize(1);
        assertThat(second.toString()).doesNotContain("sandbox-tired", key, "Hello");
    }

    @Test
    void tellsWhatWasPassedOverDuringTheCall(Sandbox sandbox) {
        sandbox.script("sandbox-sibling", "402");
        JsonNode decided = decided(gateway.chat(key, "siblings", false));
        assertThat(decided.path("attempts")).hasSize(2);
        assertThat(decided.path("passed_over").path("sibling/two@main").asString())
                .isEqualTo("upstream-quota");
    }

    /** The steps of a pipeline in their order, and of a panel no more than are asked. */
    @Test
    void tellsWhoWouldWorkTogether() {
        assertThat(explain("{\"model\":\"steps\"}").path("together").toString()).isEqualTo("[\"b/one\",\"c/two\"]");
        assertThat(explain("{\"model\":\"panel\"}").path("together").toString()).isEqualTo("[\"a/one\",\"b/two\"]");
        String tools = "{\"model\":\"panel\",\"request\":{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}";
        assertThat(explain(tools).has("together")).as("tools are called by one").isFalse();
        assertThat(explain("{\"model\":\"x-priority\"}").has("together")).isFalse();
    }

    /** Who has no part in a call is told with those who have, and a call that nobody can take with what it is told. */
    @Test
    void tellsWhoIsMissing() {
        String off = "{\"target\":\"off/chat\",\"connection\":\"first\",\"state\":\"missing\",\"reason\":\"disabled\"}";
        JsonNode partly = decided(gateway.chat(key, "partly", false));
        assertThat(partly.path("candidates").toString()).contains("\"target\":\"b/chat\"", off);
        assertThat(explain("{\"model\":\"partly\"}").path("candidates")).isEqualTo(partly.path("candidates"));

        HttpResponse<String> nobody = gateway.chat(key, "off/chat", false);
        assertThat(nobody.statusCode()).isEqualTo(503);
        assertThat(decided(nobody).path("candidates").toString()).isEqualTo("[" + off + "]");
        JsonNode dry = explain("{\"model\":\"off/chat\"}");
        assertThat(dry.at("/refused/code").asString()).isEqualTo("ALL_ACCOUNTS_INACTIVE");
        assertThat(dry.path("candidates").toString()).isEqualTo("[" + off + "]");

        HttpResponse<String> untagged = gateway.send(gateway.request("/v1/chat/completions", key)
                .header("content-type", "application/json")
                .header("X-OmniRoute-Tags", "us")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Gateway.chatBody("tagged", false)))
                .build());
        assertThat(untagged.statusCode()).isEqualTo(400);
        assertThat(untagged.headers().firstValue("x-omniroute-combo-excluded"))
                .hasValue("a/chat@main=untagged, b/chat@main=untagged");
        assertThat(decided(untagged).at("/candidates/1/reason").asString()).isEqualTo("untagged");
        assertThat(explain("{\"model\":\"tagged\",\"tags\":[\"us\"]}")
                        .at("/refused/code")
                        .asString())
                .isEqualTo("no_tagged_account");
    }

    /** A pipeline that one step of cannot take part in is refused with what is known of each. */
    @Test
    void tellsWhichStepIsNotFit() {
        String picture = "{\"model\":\"seeing\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}";
        HttpResponse<String> refused = gateway.post("/v1/chat/completions", key, picture);
        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode decided = decided(refused);
        assertThat(decided.at("/candidates/1/reason").asString()).isEqualTo("no-vision");
        assertThat(decided.at("/passed_over/a~1blind@main").asString()).isEqualTo("no-vision");
        JsonNode dry = explain("{\"request\":" + picture + "}");
        assertThat(dry.path("candidates")).containsExactlyInAnyOrderElementsOf(decided.path("candidates"));
        assertThat(dry.at("/refused/status").asInt()).isEqualTo(400);
    }

    /** Where no target can take a call at all, it is refused with what is known of each, however they would have worked together. */
    @ParameterizedTest
    @ValueSource(strings = {"blind", "blinds"})
    void tellsThatNothingIsFit(String combo) {
        String picture =
                "{\"model\":\"" + combo + "\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}";
        HttpResponse<String> refused = gateway.post("/v1/chat/completions", key, picture);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-omniroute-combo-excluded")).isPresent();
        JsonNode decided = decided(refused);
        assertThat(decided.at("/candidates/0/reason").asString()).isEqualTo("no-vision");
        JsonNode dry = explain("{\"request\":" + picture + "}");
        assertThat(dry.path("candidates")).containsExactlyInAnyOrderElementsOf(decided.path("candidates"));
        assertThat(dry.at("/refused/status").asInt()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/api/routes/explain|{\"model\":|application/json|400",
                "POST|/api/routes/explain|[]|application/json|400",
                "POST|/api/routes/explain|x|text/plain|415",
                "POST|/api/providers|{|application/json|400"
            })
    void refusesWhatItCannotRead(String method, String path, String body, String type, int status) {
        HttpResponse<String> answer = gateway.send(gateway.request(path, manager)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"VALID_001\"");
    }

    /** What is asked of the accounts, and for what, and what the request itself says of its conversation. */
    @Test
    void explainsACallAsItWouldBeAsked() {
        assertThat(explain("{\"model\":\"tagged\",\"tags\":[\"eu\"]}")
                        .at("/candidates/0/target")
                        .asString())
                .isEqualTo("b/chat");
        JsonNode unasked = explain("{\"model\":\"tired/vectors\"}");
        assertThat(unasked.at("/refused/status").asInt()).isEqualTo(400);
        assertThat(unasked.at("/candidates/0/reason").asString()).isEqualTo("not-offered");
        assertThat(explain("{\"model\":\"tired/vectors\",\"operation\":\"embeddings\"}")
                        .path("candidates"))
                .hasSize(1);
        for (int i = 0; i < 8; i++) {
            String body = Gateway.chatBody("x-cache-optimized", false)
                    .replace("\"messages\"", "\"prompt_cache_key\":\"k" + i + "\",\"messages\"");
            String explained = explain("{\"request\":" + body + "}")
                    .at("/candidates/0/target")
                    .asString();
            assertThat(gateway.post("/v1/chat/completions", key, body).headers().firstValue("X-OmniRoute-Model"))
                    .hasValue(explained);
            String words = Gateway.chatBody("x-cache-optimized", false).replace("Hello", "Turn " + i);
            String beginning = explain("{\"request\": " + words + "}")
                    .at("/candidates/0/target")
                    .asString();
            assertThat(gateway.post("/v1/chat/completions", key, words)
                            .headers()
                            .firstValue("X-OmniRoute-Model"))
                    .hasValue(beginning);
        }
    }

    /** Nobody else calls in between, so the next call takes the path that was explained. */
    @ParameterizedTest
    @ValueSource(strings = {"priority", "round-robin", "strict-random", "least-used", "cache-optimized"})
    void saysWhereTheNextCallGoes(String strategy) {
        Map<HttpResponse<String>, List<String>> calls = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            String session = "session-" + i;
            JsonNode explained = explain("{\"model\":\"x-" + strategy + "\",\"session\":\"" + session + "\"}");
            assertThat(explained.path("strategy").asString()).isEqualTo(strategy);
            HttpResponse<String> answer = gateway.send(gateway.request("/v1/chat/completions", key)
                    .header("content-type", "application/json")
                    .header("X-Session-Id", session)
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Gateway.chatBody("x-" + strategy, false)))
                    .build());
            assertThat(answer.headers().firstValue("X-OmniRoute-Model"))
                    .hasValue(explained.at("/candidates/0/target").asString());
            calls.put(answer, names(explained));
        }
        calls.forEach((answer, explained) -> assertThat(names(decided(answer))).isEqualTo(explained));
    }

    /** Whatever the choice depends on can be asked about. */
    @Test
    void saysWhereACallLikeThisWouldGo() {
        JsonNode scored = explain("{\"model\":\"x-auto\",\"mode\":\"quality\",\"request\":"
                + "{\"messages\":[{\"role\":\"user\",\"content\":\"Please refactor this function\"}]}}");
        assertThat(scored.path("mode").asString()).isEqualTo("quality-first");
        assertThat(scored.path("task").asString()).isEqualTo("coding");
        assertThat(scored.at("/candidates/0/score").isNumber()).isTrue();
        String picture = "{\"model\":\"x-auto\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}";
        JsonNode seen = explain("{\"request\":" + picture + "}");
        assertThat(seen.path("asked").asString()).isEqualTo("x-auto");
        assertThat(seen.path("candidates")
                        .valueStream()
                        .filter(one -> one.path("target").asString("").equals("a/blind")))
                .allMatch(one -> one.path("reason").asString("").equals("no-vision"))
                .isNotEmpty();
        HttpResponse<String> stranger =
                gateway.post("/api/routes/explain", manager, "{\"model\":\"x-auto\",\"key\":\"nobody\"}");
        assertThat(stranger.statusCode()).isEqualTo(404);
        HttpResponse<String> mode =
                gateway.post("/api/routes/explain", manager, "{\"model\":\"x-auto\",\"mode\":\"never\"}");
        assertThat(mode.statusCode()).isEqualTo(400);
    }

    @Test
    void keepsWhatACallCostAndWhyOneWasRefused() {
        JsonNode paid = decided(gateway.chat(key, "a/priced", false));
        assertThat(paid.at("/usage/input").asLong()).isPositive();
        long price =
                paid.at("/usage/input").asLong() + 2 * paid.at("/usage/output").asLong();
        assertThat(paid.path("price_micro_dollars").asLong()).isEqualTo(price);
        assertThat(decided(gateway.chat(key, "a/chat", false)).has("price_micro_dollars"))
                .isFalse();
        JsonNode refused =
                decided(gateway.chat(gateway.key(List.of("a/*"), Set.of(), Set.of(), null), "b/chat", false));
        assertThat(refused.path("status").asInt()).isEqualTo(403);
        assertThat(refused.path("error").asString()).isEqualTo("permission-denied");
        assertThat(refused.has("candidates")).isFalse();
    }

    /** The scope is for the key's own records; those of others are not there for it. */
    @Test
    void showsAKeyItsOwnRecords() {
        String own = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.OWN), null);
        String other = gateway.key(List.of("*"), Set.of(), Set.of(ApiKey.OWN), null);
        HttpResponse<String> answer = gateway.chat(own, "a/chat", false);
        decided(answer);
        String path = "/api/usage/route-explain/"
                + answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        assertThat(gateway.get(path, own).statusCode()).isEqualTo(200);
        assertThat(gateway.get(path, other).statusCode()).isEqualTo(404);
        assertThat(gateway.get(path, key).statusCode()).isEqualTo(403);
        assertThat(gateway.post("/api/routes/explain", own, "{\"model\":\"a/chat\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    /** What the key itself forbids is told as the call would be. */
    @Test
    void tellsWhatTheKeyIsRefused() {
        String embeds = gateway.key(List.of("*"), Set.of("embeddings"), Set.of(), null);
        String over = gateway.key(List.of("*"), Set.of(), Set.of(), Instant.EPOCH);
        assertThat(refusal(embeds, "chat")).isEqualTo(403);
        assertThat(refusal(embeds, "embeddings")).isZero();
        assertThat(refusal(over, "chat")).isEqualTo(401);
        assertThat(refusal(key, "chat")).isZero();
    }

    private static int refusal(String apiKey, String operation) {
        String id = "test-" + KeyHash.ofKey(apiKey).hex().substring(0, 8);
        HttpResponse<String> answer = gateway.post(
                "/api/routes/explain",
                manager,
                "{\"model\":\"%s\",\"operation\":\"%s\",\"key\":\"%s\"}"
                        .formatted(operation.equals("chat") ? "a/chat" : "a/embed", operation, id));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared()
                .readTree(answer.body())
                .path("refused")
                .path("status")
                .asInt(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"model\":\"nobody\"}|404|MODEL_001", "{\"model\":\"\"}|400|VALID_001", "{}|400|VALID_001"})
    void refusesWhatMeansNothing(String question, int status, String code) {
        HttpResponse<String> answer = gateway.post("/api/routes/explain", manager, question);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(code);
    }

    @Test
    void tellsNobodyWithoutTheScope() {
        String id = gateway.chat(key, "a/chat", false)
                .headers()
                .firstValue("X-OmniRoute-Request-Id")
                .orElseThrow();
        assertThat(gateway.get("/api/usage/route-explain/" + id, key).statusCode())
                .isEqualTo(403);
        assertThat(gateway.get("/api/usage/route-explain/" + id, "").statusCode())
                .isEqualTo(401);
        assertThat(gateway.get("/api/usage/route-explain/unknown", manager).statusCode())
                .isEqualTo(404);
        assertThat(gateway.post("/api/routes/explain", key, "{\"model\":\"a/chat\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static JsonNode decided(HttpResponse<String> answer) {
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        AtomicReference<String> record = new AtomicReference<>("");
        Eventually.until("the decision is kept", PATIENCE, () -> {
            HttpResponse<String> kept = gateway.get("/api/usage/route-explain/" + id, manager);
            record.set(kept.body());
            return kept.statusCode() == 200;
        });
        return JsonMapper.shared().readTree(record.get());
    }

    private static JsonNode explain(String question) {
        HttpResponse<String> answer = gateway.post("/api/routes/explain", manager, question);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static List<String> names(JsonNode decision) {
        List<String> names = new ArrayList<>();
        decision.path("candidates")
                .forEach(candidate -> names.add(candidate.path("target").asString()));
        return names;
    }
}
