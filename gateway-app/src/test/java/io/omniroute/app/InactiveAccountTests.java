package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import io.omniroute.translators.json.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
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
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import tools.jackson.databind.JsonNode;

/** Accounts that are disabled are not called, and clients are told where there is no other. */
@ExtendWith(SandboxExtension.class)
class InactiveAccountTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String ACCOUNT = "sandbox-inactive";

    private static Gateway gateway;
    private static String key;
    private static String manage;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(
                sandbox, """
                omniroute.secrets.master-key=%s
                omniroute.providers.off.base-url=%s
                omniroute.providers.off.formats=openai-chat
                omniroute.providers.off.connections.one.api-key=%s
                omniroute.providers.off.connections.one.enabled=false
                omniroute.providers.off.connections.two.api-key=%s
                omniroute.providers.off.connections.two.enabled=false
                omniroute.combos.none.targets=off/chat,off/other
                omniroute.combos.pinned.targets=off/chat@two
                omniroute.providers.later.base-url=%s
                omniroute.providers.later.formats=openai-chat
                omniroute.combos.one.targets=off/chat,a/chat
                """.formatted(MasterKeys.generate(), sandbox.baseUrl(), ACCOUNT, ACCOUNT, sandbox.baseUrl()));
        key = gateway.key();
        manage = gateway.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
    }

    @AfterAll
    static void stop() {
        gateway.bean(ReactiveStringRedisTemplate.class)
                .delete(RedisKeys.CONNECTION_RECORDS)
                .block(PATIENCE);
        gateway.close();
    }

    /** Waiting does not help, so nothing says when to call again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "off/chat | 2 | off/chat@one=disabled, off/chat@two=disabled",
                "none | 4 | off/chat@one=disabled, off/chat@two=disabled, off/other@one=disabled, off/other@two=disabled",
                "pinned | 1 | ''"
            })
    void areNamedWhereThereAreNoOthers(String model, String pool, String excluded, Sandbox sandbox) {
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> refused = gateway.chat(key, model, stream);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/json");
            JsonNode error = Json.read(refused.body()).path("error");
            assertThat(error.path("code").asString()).isEqualTo("ALL_ACCOUNTS_INACTIVE");
            assertThat(error.path("message").asString()).isEqualTo("every connection of \"" + model + "\" is disabled");
            Map<String, String> headers = new HashMap<>();
            refused.headers().map().forEach((name, values) -> headers.put(name, String.join(",", values)));
            assertThat(headers)
                    .doesNotContainKeys(
                            "retry-after", "x-omniroute-retry-after-seconds", "x-omniroute-provider-breaker");
            if (!pool.equals("1")) {
                assertThat(headers)
                        .containsEntry("x-omniroute-combo-pool-size", pool)
                        .containsEntry("x-omniroute-combo-attempted", "")
                        .containsEntry("x-omniroute-combo-excluded", excluded)
                        .containsEntry("x-omniroute-combo-terminal-reason", "overloaded")
                        .containsEntry("x-omniroute-recovery-action", "try-auto")
                        .containsEntry("x-omniroute-recovery-next-step", "call the model auto");
            }
        }
        assertThat(sandbox.books(ACCOUNT).calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages | 'max_tokens':9,'messages':[{'role':'user','content':'Hi'}] | 529 | /error/type | overloaded_error",
                "/v1/responses | 'input':'Hi' | 503 | /error/code | ALL_ACCOUNTS_INACTIVE",
                "/v1beta/models/none:generateContent | 'contents':[{'parts':[{'text':'Hi'}]}] | 503 | /error/status | UNAVAILABLE"
            },
            quoteCharacter = '"')
    void areNamedToClientsOfEachFormat(String path, String fields, int status, String field, String value) {
        HttpResponse<String> refused =
                gateway.post(path, key, "{'model':'none',%s}".formatted(fields).replace('\'', '"'));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Json.read(refused.body()).at(field).asString())
                .as(refused.body())
                .isEqualTo(value);
        assertThat(Json.read(refused.body()).at("/error/message").asString())
                .isEqualTo("every connection of \"none\" is disabled");
        assertThat(refused.headers().firstValue("x-omniroute-recovery-action")).hasValue("try-auto");
    }

    @Test
    void areLeftOutWhereThereAreOthers(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.chat(key, "one", false);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Model")).hasValue("a/chat");
        assertThat(sandbox.books(ACCOUNT).calls()).isZero();
    }

    /** Whoever turns the last one off and on again changes what clients are told, within a second. */
    @Test
    void areNoReasonAnyMoreOnceOneIsEnabled(Sandbox sandbox) {
        String account =
                "{\"provider\":\"later\",\"name\":\"three\",\"apiKey\":\"" + ACCOUNT + "-added\",\"enabled\":false}";
        assertThat(managed("POST", "/api/providers", account).statusCode()).isEqualTo(201);
        assertThat(gateway.chat(key, "later/chat", false).statusCode()).isEqualTo(503);
        assertThat(managed("POST", "/api/providers/later/three/enable", "").statusCode())
                .isEqualTo(200);
        Eventually.until(
                "the account is used",
                PATIENCE,
                () -> gateway.chat(key, "later/chat", false).statusCode() == 200);
        assertThat(sandbox.books(ACCOUNT + "-added").calls()).isPositive();
        managed("PUT", "/api/providers/later/three", "{\"enabled\":false}");
        Eventually.until(
                "the account is disabled again",
                PATIENCE,
                () -> gateway.chat(key, "later/chat", false).body().contains("ALL_ACCOUNTS_INACTIVE"));
    }

    private static HttpResponse<String> managed(String method, String path, String body) {
        return gateway.send(method, path, manage, body);
    }
}
