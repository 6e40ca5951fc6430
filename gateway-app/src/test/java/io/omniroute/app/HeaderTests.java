package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.config.ApiKey;
import io.omniroute.sandbox.Sandbox;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Headers pass by allow-list, both ways. */
@GatewayTest
class HeaderTests {

    @Test
    void sendsAProviderOnlyWhatIsOnTheList(Gateway gateway, Sandbox sandbox) {
        String key = gateway.key();
        HttpRequest.Builder request = gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("OpenAI-Beta", "assistants=v2")
                .header("Cookie", "session=CANARY-cookie")
                .header("X-OmniRoute-Anything", "CANARY-internal")
                .header("X-Forwarded-For", "203.0.113.7")
                .header("Forwarded", "for=203.0.113.7")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .header("X-Custom", "CANARY-custom")
                .header("X-Request-Id", "client-id")
                .header("Idempotency-Key", "CANARY-idempotency");
        gateway.send(request.POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("a/chat", false)))
                .build());
        Map<String, String> headers =
                sandbox.books(Gateway.CONNECTION_KEY + "-a").last().headers();
        assertThat(headers.keySet())
                .containsExactlyInAnyOrder(
                        "accept",
                        "accept-encoding",
                        "authorization",
                        "content-length",
                        "content-type",
                        "host",
                        "idempotency-key",
                        "openai-beta",
                        "user-agent");
        assertThat(headers).containsEntry("accept-encoding", "identity");
        assertThat(headers.toString())
                .doesNotContain("CANARY-cookie")
                .doesNotContain("CANARY-custom")
                .doesNotContain("CANARY-i")
                .doesNotContain(key);
        assertThat(headers.get("idempotency-key")).endsWith("-0");
    }

    /** What a provider declares goes to it, but never what is for nobody else. */
    @Test
    void sendsAProviderWhatItDeclares(Sandbox sandbox) {
        try (Gateway declared = Gateway.start(sandbox, """
                omniroute.providers.own.base-url=%s
                omniroute.providers.own.formats=openai-chat
                omniroute.providers.own.connections.main.api-key=sandbox-declared
                omniroute.providers.own.connections.main.header=x-api-key
                omniroute.providers.own.request-headers=X-Trace-It,Cookie,X-OmniRoute-Secret
                omniroute.providers.own.headers.X-Fixed=fixed
                omniroute.providers.own.headers.User-Agent=Mine/1
                """.formatted(sandbox.baseUrl()))) {
            declared.send(declared.request("/v1/chat/completions", declared.key())
                    .header("Content-Type", "application/json")
                    .header("X-Trace-It", "yes")
                    .header("Cookie", "CANARY-cookie")
                    .header("X-OmniRoute-Secret", "CANARY-secret")
                    .header("User-Agent", "CANARY-agent")
                    .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("own/chat", false)))
                    .build());
            Map<String, String> headers =
                    sandbox.books("sandbox-declared").last().headers();
            assertThat(headers)
                    .containsEntry("x-api-key", "sandbox-declared")
                    .containsEntry("x-trace-it", "yes")
                    .containsEntry("x-fixed", "fixed")
                    .containsEntry("user-agent", "Mine/1")
                    .doesNotContainKeys("cookie", "x-omniroute-secret", "authorization");
            assertThat(headers.toString()).doesNotContain("CANARY");
        }
    }

    /** Spring Cloud Gateway's own filters know of no answer that leaves before they act. */
    @Test
    void changesWhatAClientIsSentAsTheRouteSays(Sandbox sandbox) {
        try (Gateway own = Gateway.start(sandbox, """
                spring.cloud.gateway.server.webflux.default-filters[0]=AddResponseHeader=X-Added, one
                spring.cloud.gateway.server.webflux.default-filters[1]=SetResponseHeader=X-OmniRoute-Version, hidden
                spring.cloud.gateway.server.webflux.default-filters[2]=RemoveResponseHeader=X-OmniRoute-Latency-Ms
                spring.cloud.gateway.server.webflux.default-filters[3]=RewriteResponseHeader=X-OmniRoute-Model, chat, talk
                spring.cloud.gateway.server.webflux.default-filters[4]=SecureHeaders
                """)) {
            String key = own.key();
            List<HttpResponse<String>> answers = List.of(
                    own.chat(key, "a/chat", true),
                    own.chat(key, "a/chat", false),
                    own.chat(key, "nobody/chat", false),
                    own.chat("unknown", "a/chat", false),
                    own.send(own.request("/v1/models", key).GET().build()));
            assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 404, 401, 200);
            assertThat(answers.getFirst().body()).endsWith("data: [DONE]\n\n");
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.headers().allValues("X-Added")).containsExactly("one");
                assertThat(answer.headers().allValues("X-OmniRoute-Version")).containsExactly("hidden");
                assertThat(answer.headers().firstValue("X-OmniRoute-Latency-Ms"))
                        .isEmpty();
                assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            });
            assertThat(answers.getFirst().headers().firstValue("X-OmniRoute-Model"))
                    .hasValue("a/talk");
            String call = answers.get(1)
                    .headers()
                    .firstValue("X-OmniRoute-Request-Id")
                    .orElseThrow();
            String manager = own.key(List.of(), Set.of(), Set.of(ApiKey.MANAGE), null);
            Eventually.until(
                    "the call is recorded as answered",
                    Duration.ofSeconds(5),
                    () -> own.get("/api/usage/route-explain/" + call, manager)
                            .body()
                            .contains("\"status\":200"));
        }
    }

    @Test
    void sendsAClientOnlyWhatIsOnTheList(Gateway gateway) {
        for (boolean stream : new boolean[] {true, false}) {
            HttpResponse<String> answer = gateway.chat(gateway.key(), "a/chat", stream);
            assertThat(answer.headers().map().keySet())
                    .allMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-omniroute-")
                            || Set.of(
                                            "content-type",
                                            "content-length",
                                            "transfer-encoding",
                                            "cache-control",
                                            "x-accel-buffering",
                                            "x-request-id")
                                    .contains(name.toLowerCase(Locale.ROOT)));
        }
    }
}
