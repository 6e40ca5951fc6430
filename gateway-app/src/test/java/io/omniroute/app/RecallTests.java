package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.KeySecret;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests that refer to earlier answers, at every kind of provider: none of them keeps anything. */
@ExtendWith(SandboxExtension.class)
class RecallTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CHAT = Wire.CHAT.provider() + "/chat";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Gateway gateway;
    private static Gateway other;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, Wire.providers(sandbox));
        other = Gateway.start(sandbox, Wire.providers(sandbox));
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
    }

    static Stream<Arguments> targets() {
        return Arrays.stream(Wire.values())
                .flatMap(target -> Stream.of(false, true).map(stream -> Arguments.of(target, stream)));
    }

    /** As the Vercel AI SDK does it: calls, thoughts and texts of the first answer by their ids. */
    @ParameterizedTest
    @MethodSource("targets")
    void takesItemsByTheirIdsOnAnyInstance(Wire target, boolean stream, Sandbox sandbox) {
        String model = target.provider() + "/parallel-rounds-2-thought";
        ObjectNode body = request(model, stream, "Weather?");
        tool(body, "get_weather");
        tool(body, "get_time");
        ArrayNode input = (ArrayNode) body.get("input");
        for (int round = 0; round < 2; round++) {
            JsonNode answer = answered(round == 0 ? gateway : other, body, stream);
            assertThat(answer.path("output")).isNotEmpty();
            for (JsonNode item : answer.path("output")) {
                input.addObject()
                        .put("type", "item_reference")
                        .put("id", item.path("id").asString());
            }
            for (JsonNode item : answer.path("output")) {
                if (item.path("type").asString().equals("function_call")) {
                    input.addObject()
                            .put("type", "function_call_output")
                            .put("call_id", item.path("call_id").asString())
                            .put("output", "answer of " + item.path("name").asString());
                }
            }
        }
        assertThat(text(answered(gateway, body, stream))).contains("answer of get_time");
        // a provider that keeps nothing would look for them
        assertThat(sandbox.books("sandbox-translation").last().body())
                .doesNotContain("item_reference")
                .doesNotContain("\"id\":\"fc_")
                .doesNotContain("\"id\":\"msg_");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void goesOnFromAPreviousResponse(Wire target, boolean stream, Sandbox sandbox) {
        String model = target.provider() + "/thought";
        String first = answered(gateway, request(model, stream, "I am called Ada"), stream)
                .path("id")
                .asString();
        ObjectNode second = request(model, stream, "Who am I?").put("previous_response_id", first);
        second.put("input", "Who am I?");
        String next = answered(other, second, stream).path("id").asString();
        String sent = sandbox.books("sandbox-translation").last().body();
        assertThat(sent)
                .contains("I am called Ada", "all is well", "Who am I?")
                .doesNotContain(first)
                .doesNotContain("\"id\":\"msg_");

        ObjectNode third = request(model, stream, "And now?").put("previous_response_id", next);
        answered(gateway, third, stream);
        assertThat(sandbox.books("sandbox-translation").last().body())
                .contains("I am called Ada", "Who am I?", "And now?");
    }

    @Test
    void knowsNothingOfAnotherTeamsAnswers() {
        JsonNode mine = answered(gateway, request(CHAT, false, "A secret-CANARY"), false);
        String stranger = keyOf("another team");
        ObjectNode byId = request(CHAT, false, "Tell me");
        ((ArrayNode) byId.get("input"))
                .addObject()
                .put("type", "item_reference")
                .put("id", mine.path("output").path(0).path("id").asString());
        ObjectNode byResponse = request(CHAT, false, "Tell me")
                .put("previous_response_id", mine.path("id").asString());
        for (ObjectNode body : List.of(byId, byResponse)) {
            HttpResponse<String> refused = gateway.post("/v1/responses", stranger, body.toString());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("not found").doesNotContain("CANARY");
            assertThat(gateway.post("/v1/responses", key, body.toString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void looksUpNoMoreItemsThanABound() {
        ObjectNode body = request(CHAT, false, "Hello");
        for (int reference = 0; reference <= 2_000; reference++) {
            ((ArrayNode) body.get("input"))
                    .addObject()
                    .put("type", "item_reference")
                    .put("id", "msg_" + reference);
        }
        HttpResponse<String> refused = gateway.post("/v1/responses", key, body.toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("more than 2000 items");
    }

    @Test
    void buildsNothingThatIsTooLong(Sandbox sandbox) {
        try (Gateway small = Gateway.start(sandbox, Wire.providers(sandbox) + "omniroute.limits.body=20KB\n")) {
            String own = small.key();
            ObjectNode body = request(CHAT, false, "word ".repeat(100));
            String id = JSON.readTree(
                            small.post("/v1/responses", own, body.toString()).body())
                    .path("output")
                    .path(0)
                    .path("id")
                    .asString();
            ArrayNode input = (ArrayNode) body.get("input");
            for (int reference = 0; reference < 200; reference++) {
                input.addObject().put("type", "item_reference").put("id", id);
            }
            HttpResponse<String> refused = small.post("/v1/responses", own, body.toString());
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
            assertThat(small.post(
                                    "/v1/responses",
                                    own,
                                    request(CHAT, false, "Hello").toString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsNothingOfAClientThatDoesNotWantIt() {
        ObjectNode body = request(CHAT, false, "Forget this").put("store", false);
        String id = answered(gateway, body, false).path("id").asString();
        HttpResponse<String> refused = gateway.post(
                "/v1/responses",
                key,
                request(CHAT, false, "And?").put("previous_response_id", id).toString());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("previous_response_not_found");
    }

    @Test
    void refusesReferencesWhereNothingIsKept(Sandbox sandbox) {
        try (Gateway forgetful =
                Gateway.start(sandbox, Wire.providers(sandbox) + "omniroute.conversations.keep=0s\n")) {
            String own = forgetful.key();
            ObjectNode body = request(CHAT, false, "Hello");
            String id = JSON.readTree(forgetful
                            .post("/v1/responses", own, body.toString())
                            .body())
                    .path("id")
                    .asString();
            HttpResponse<String> refused = forgetful.post(
                    "/v1/responses", own, body.put("previous_response_id", id).toString());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("none is kept here");
        }
    }

    private static JsonNode answered(Gateway asked, ObjectNode body, boolean stream) {
        HttpResponse<String> answer = asked.post("/v1/responses", key, body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        if (!stream) {
            return JSON.readTree(answer.body());
        }
        String data = answer.body()
                .lines()
                .filter(line -> line.startsWith("data: {") && line.contains("\"response.completed\""))
                .findFirst()
                .orElseThrow();
        return JSON.readTree(data.substring(6)).path("response");
    }

    private static ObjectNode request(String model, boolean stream, String text) {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("stream", stream);
        body.putArray("input").addObject().put("role", "user").put("content", text);
        return body;
    }

    private static void tool(ObjectNode body, String name) {
        ObjectNode tool =
                body.withArray("tools").addObject().put("type", "function").put("name", name);
        tool.putObject("parameters")
                .put("type", "object")
                .putObject("properties")
                .putObject("city")
                .put("type", "string");
    }

    private static String text(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode item : answer.path("output")) {
            item.path("content").forEach(part -> text.append(part.path("text").asString("")));
        }
        return text.toString();
    }

    private static String keyOf(String team) {
        String secret = KeySecret.generate(new SecureRandom());
        gateway.bean(ApiKeyStore.class)
                .put(new ApiKey(
                        team,
                        KeyHash.ofKey(secret),
                        "org",
                        team,
                        ModelPatterns.of(List.of("*")),
                        Set.of(),
                        Set.of(),
                        null,
                        true))
                .block(PATIENCE);
        gateway.bean(ApiKeys.class).refresh().block(PATIENCE);
        return secret;
    }
}
