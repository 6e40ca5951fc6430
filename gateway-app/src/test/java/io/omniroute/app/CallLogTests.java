package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.KeyHash;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** In production every call, good, refused or left, is one line of JSON. */
@ExtendWith(SandboxExtension.class)
class CallLogTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "the-key-of-the-log";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static JavaProcess gateway;
    private static String base;

    @BeforeAll
    static void start(Sandbox sandbox) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "prod");
        environment.put("REDIS_URL", TestRedis.url());
        environment.put("OMNIROUTE_MASTER_KEY", MasterKeys.generate());
        environment.put("PORT", "0");
        for (String id : List.of("first", "second")) {
            String provider = "OMNIROUTE_PROVIDERS_" + id.toUpperCase(java.util.Locale.ROOT) + "_";
            environment.put(provider + "BASEURL", sandbox.baseUrl());
            environment.put(provider + "FORMATS", "openai-chat");
            environment.put(provider + "CONNECTIONS_MAIN_APIKEY", "sandbox-log-" + id);
        }
        environment.put("OMNIROUTE_COMBOS_PAIR_TARGETS", "first/chat,second/chat");
        environment.put("OMNIROUTE_ALIASES_FAST", "pair");
        environment.put("OMNIROUTE_TEAMS_LOGGED_MODELS", "*");
        environment.put(
                "OMNIROUTE_TEAMS_LOGGED_KEYS_CI_HASH", KeyHash.ofKey(KEY).written());
        environment.put("OMNIROUTE_DRAIN_ANNOUNCE", "0s");
        environment.put("OMNIROUTE_REDIS_DEADLINE", "2s");
        gateway = JavaProcess.start(GatewayApplication.class.getName(), environment);
        gateway.awaitOutput("Started GatewayApplication");
        Matcher port = Pattern.compile("started on port(?:\\(s\\):)? (\\d+)").matcher(gateway.output());
        assertThat(port.find()).as(gateway.output()).isTrue();
        base = "http://127.0.0.1:" + port.group(1);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CLIENT.close();
    }

    @Test
    void saysWhoAskedForWhatAndWhatBecameOfIt(Sandbox sandbox) throws Exception {
        sandbox.script("sandbox-log-first", "500");
        JsonNode line = line(call(KEY, Gateway.chatBody("fast", true), "my-id"));
        assertThat(line.path("client_request_id").asString()).isEqualTo("my-id");
        assertThat(line.path("operation").asString()).isEqualTo("chat");
        assertThat(line.path("format").asString()).isEqualTo("openai-chat");
        assertThat(line.path("status").asString()).isEqualTo("200");
        assertThat(line.path("ending").asString()).isEqualTo("complete");
        assertThat(line.path("key").asString()).isEqualTo("logged.ci");
        assertThat(line.path("team").asString()).isEqualTo("logged");
        assertThat(line.path("asked").asString()).isEqualTo("fast");
        assertThat(line.path("resolved").asString()).isEqualTo("pair");
        assertThat(line.path("answered").asString()).isEqualTo("chat");
        assertThat(line.path("attempts").asString())
                .matches("first/chat@main upstream-error \\d+ms, second/chat@main ok \\d+ms");
        assertThat(line.path("tokens_in").asInt()).isPositive();
        assertThat(line.path("tokens_out").asInt()).isPositive();
        assertThat(line.path("took_ms").isMissingNode()).isFalse();
        assertThat(line.path("first_content_ms").isMissingNode()).isFalse();
    }

    @Test
    void saysWhichModelHasEmbedded() throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                request("/v1/embeddings", KEY, "{\"model\":\"second/embed\",\"input\":\"hi\"}", "e"),
                HttpResponse.BodyHandlers.ofString());
        assertThat(line(answer).path("answered").asString()).isEqualTo("embed");
    }

    @Test
    void saysWhyACallWasRefused() throws Exception {
        JsonNode unknown = line(call("sk-nobody", Gateway.chatBody("fast", false), "a"));
        assertThat(unknown.path("status").asString()).isEqualTo("401");
        assertThat(unknown.path("ending").asString()).isEqualTo("refused");
        assertThat(unknown.path("error").asString()).isEqualTo("unauthenticated");
        JsonNode malformed = line(call(KEY, "{", "b"));
        assertThat(malformed.path("status").asString()).isEqualTo("400");
        assertThat(malformed.path("key").asString()).isEqualTo("logged.ci");
        HttpResponse<String> nothing = CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/v1/no%0Athing?key=" + KEY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode nowhere = line(nothing);
        assertThat(nowhere.path("path").asString()).isEqualTo("/v1/no%0Athing");
        assertThat(nowhere.path("status").asString()).isEqualTo("404");
        assertThat(nothing.headers().firstValue("X-OmniRoute-Version")).isPresent();
    }

    @Test
    void saysThatTheClientHasLeft(Sandbox sandbox) throws Exception {
        sandbox.script("sandbox-log-first", "hang");
        long before = sandbox.books("sandbox-log-first").calls();
        CompletableFuture<?> leaving = CLIENT.sendAsync(
                request(KEY, Gateway.chatBody("first/chat", false), "leaves"), HttpResponse.BodyHandlers.ofString());
        Eventually.until(
                "the provider is called",
                PATIENCE,
                () -> sandbox.books("sandbox-log-first").calls() > before);
        leaving.cancel(true);
        Eventually.until(
                "the line is there",
                PATIENCE,
                () -> lines().stream()
                        .anyMatch(line ->
                                line.path("client_request_id").asString("").equals("leaves")));
        JsonNode line = lines().stream()
                .filter(one -> one.path("client_request_id").asString("").equals("leaves"))
                .findFirst()
                .orElseThrow();
        assertThat(line.path("status").asString()).isEqualTo("499");
        assertThat(line.path("ending").asString()).isEqualTo("client_gone");
        assertThat(line.path("attempts").asString()).contains("first/chat@main cancelled");
    }

    /** In the middle of its body, with a word and without one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatTheClientHasLeftBeforeItsRequestWasThere(boolean reset) throws Exception {
        String id = "early-" + reset;
        try (Socket client = new Socket("127.0.0.1", URI.create(base).getPort())) {
            client.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + KEY
                                    + "\r\nContent-Type: application/json\r\nX-Request-Id: " + id
                                    + "\r\nContent-Length: 500\r\n\r\n{\"model\"")
                            .getBytes(StandardCharsets.US_ASCII));
            if (reset) {
                client.setSoLinger(true, 0);
            }
        }
        Eventually.until(
                "the line is there",
                PATIENCE,
                () -> lines().stream()
                        .anyMatch(line ->
                                line.path("client_request_id").asString("").equals(id)));
        JsonNode line = lines().stream()
                .filter(one -> one.path("client_request_id").asString("").equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(line.path("status").asString()).isEqualTo("499");
        assertThat(line.path("ending").asString()).isEqualTo("client_gone");
        assertThat(gateway.output()).doesNotContain("\"level\":\"ERROR\"").doesNotContain("AbortedException");
    }

    private static HttpRequest request(String key, String body, String id) {
        return request("/v1/chat/completions", key, body, id);
    }

    private static HttpRequest request(String path, String key, String body, String id) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> call(String key, String body, String id) throws Exception {
        return CLIENT.send(request(key, body, id), HttpResponse.BodyHandlers.ofString());
    }

    /** The one line of a call, by the id that its answer has. */
    private static JsonNode line(HttpResponse<?> answer) {
        String id = answer.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        Eventually.until("the line is there", PATIENCE, () -> !linesOf(id).isEmpty());
        assertThat(linesOf(id)).hasSize(1);
        return linesOf(id).getFirst();
    }

    private static List<JsonNode> linesOf(String id) {
        return lines().stream()
                .filter(line -> line.path("request_id").asString("").equals(id))
                .toList();
    }

    private static List<JsonNode> lines() {
        return gateway.output()
                .lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("message").asString("").equals("call"))
                .toList();
    }
}
