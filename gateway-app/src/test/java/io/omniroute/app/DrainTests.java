package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A deploy does not cut streams: what runs gets its time, and what is left then is told so. */
@ExtendWith(SandboxExtension.class)
class DrainTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void letsRunningCallsEnd(Sandbox sandbox) throws Exception {
        Gateway gateway = gateway(sandbox, "sandbox-drain-1", "20s", "300ms");
        String key = gateway.key();
        CompletableFuture<String> stream = stream(gateway, key, "a/drip-50ms-words-150");
        Eventually.until(
                "the stream runs",
                PATIENCE,
                () -> sandbox.books("sandbox-drain-1").openStreams() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
        Eventually.until(
                "readiness is down",
                PATIENCE,
                () -> gateway.get("/actuator/health/readiness", "").statusCode() == 503);
        assertThat(stream.isDone()).isFalse();
        assertThat(stream.get(30, TimeUnit.SECONDS))
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("error");
        closing.get(20, TimeUnit.SECONDS);
    }

    /** A connection that is kept would bring its client's calls until they are cut. */
    @Test
    void asksClientsToLeave(Sandbox sandbox) throws Exception {
        Gateway gateway = gateway(sandbox, "sandbox-drain-4", "40s", "4s");
        String key = gateway.key();
        assertThat(gateway.chat(key, "a/chat", true).headers().firstValue("Connection"))
                .isEmpty();
        CompletableFuture<String> running = stream(gateway, key, "a/drip-50ms-words-400");
        Eventually.until(
                "the stream runs",
                PATIENCE,
                () -> sandbox.books("sandbox-drain-4").openStreams() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
        Eventually.until(
                "readiness is down",
                PATIENCE,
                () -> gateway.get("/actuator/health/readiness", "").statusCode() == 503);
        try (Socket socket = new Socket("127.0.0.1", URI.create(gateway.base()).getPort())) {
            socket.setSoTimeout(10_000);
            String body = Gateway.chatBody("a/chat", true);
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            // to its end, which comes with the answer's
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("connection: close")
                    .contains("[DONE]");
        }
        Eventually.until("only what runs is served", PATIENCE, () -> {
            HttpResponse<String> late = gateway.chat(key, "a/chat", false);
            return late.statusCode() == 503
                    && late.headers().firstValue("Retry-After").isPresent()
                    && late.body().contains("being restarted");
        });
        assertThat(running.isDone()).isFalse();
        assertThat(running.get(60, TimeUnit.SECONDS)).endsWith("data: [DONE]\n\n");
        closing.get(20, TimeUnit.SECONDS);
    }

    /** Whoever asks another instance later hears why it went where it went. */
    @Test
    void keepsTheDecisionsOfCallsThatStillEnd(Sandbox sandbox) throws Exception {
        Gateway gateway = gateway(sandbox, "sandbox-drain-3", "20s", "0s");
        String key = gateway.key();
        CompletableFuture<HttpResponse<String>> stream =
                CompletableFuture.supplyAsync(() -> gateway.chat(key, "a/drip-50ms-words-150", true));
        Eventually.until(
                "the stream runs",
                PATIENCE,
                () -> sandbox.books("sandbox-drain-3").openStreams() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
        String id = stream.get(30, TimeUnit.SECONDS)
                .headers()
                .firstValue("X-OmniRoute-Request-Id")
                .orElseThrow();
        closing.get(20, TimeUnit.SECONDS);
        try (Gateway other = gateway(sandbox, "sandbox-drain-3", "1s", "0s")) {
            String manager = other.key(List.of("*"), Set.of(), Set.of("manage"), null);
            assertThat(other.get("/api/usage/route-explain/" + id, manager).body())
                    .contains("\"ending\":\"complete\"");
        }
    }

    @Test
    void endsWhatIsLeftWithAnErrorInTheStream(Sandbox sandbox) throws Exception {
        Gateway gateway = gateway(sandbox, "sandbox-drain-2", "500ms", "0s");
        String key = gateway.key();
        CompletableFuture<HttpResponse<String>> stream =
                CompletableFuture.supplyAsync(() -> gateway.chat(key, "a/drip-50ms-words-15000", true));
        CompletableFuture<Integer> whole = CompletableFuture.supplyAsync(
                () -> gateway.chat(key, "a/stall", false).statusCode());
        Eventually.until(
                "both run", PATIENCE, () -> sandbox.books("sandbox-drain-2").open() == 2);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(gateway::close);
        HttpResponse<String> ended = stream.get(30, TimeUnit.SECONDS);
        assertThat(ended.body())
                .contains("\"content\"")
                .contains("the gateway is being restarted")
                .doesNotContain("[DONE]");
        assertThat(whole.get(10, TimeUnit.SECONDS)).isEqualTo(503);
        closing.get(20, TimeUnit.SECONDS);
        Eventually.until(
                "the provider is left",
                PATIENCE,
                () -> sandbox.books("sandbox-drain-2").open() == 0);
        String id = ended.headers().firstValue("X-OmniRoute-Request-Id").orElseThrow();
        try (Gateway other = gateway(sandbox, "sandbox-drain-2", "1s", "0s")) {
            String manager = other.key(List.of("*"), Set.of(), Set.of("manage"), null);
            assertThat(other.get("/api/usage/route-explain/" + id, manager).body())
                    .contains("\"ending\":\"shut_down\"");
        }
    }

    private static Gateway gateway(Sandbox sandbox, String connection, String time, String announce) {
        return Gateway.start(sandbox, """
                omniroute.providers.a.connections.main.api-key=%s
                omniroute.drain.time=%s
                omniroute.drain.announce=%s
                """.formatted(connection, time, announce));
    }

    private static CompletableFuture<String> stream(Gateway gateway, String key, String model) {
        return CompletableFuture.supplyAsync(
                () -> gateway.chat(key, model, true).body());
    }
}
