package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is waited for and what is held has bounds, and is given back. */
@ExtendWith(SandboxExtension.class)
class HeldTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String KEY = Gateway.CONNECTION_KEY + "-a";

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.limits.held-stream=4KB
                omniroute.limits.buffered-bodies=64KB
                omniroute.limits.body-time=2s
                omniroute.combos.pair.targets=a/chat,b/chat
                """);
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A stream that says nothing for long is not waited for without end, and what was held of it is free again. */
    @Test
    void holdsNoMoreThanItsBound(Sandbox sandbox) {
        sandbox.script(KEY, silence(4 << 10, 2 << 10));
        HttpResponse<String> held = gateway.chat(key, "a/chat", true);
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        assertThat(held.body()).contains("At last.").endsWith("data: [DONE]\n\n");
        String endless = silence(16 << 10, 0);
        sandbox.script(KEY, endless);
        HttpResponse<String> alone = gateway.chat(key, "a/chat", true);
        assertThat(alone.statusCode()).as(alone.body()).isEqualTo(502);
        assertThat(alone.body()).contains("no content after many events");
        sandbox.script(KEY, endless);
        HttpResponse<String> other = gateway.chat(key, "pair", true);
        assertThat(other.headers().firstValue("X-OmniRoute-Provider")).hasValue("b");
        Eventually.until(
                "nothing is held any more",
                PATIENCE,
                () -> gateway.bean(BodyMemory.class).taken() == 0);
    }

    /** A larger request may be repeated in larger events; its memory is counted. */
    @Test
    void countsWhatIsHeld(Sandbox sandbox) {
        String large = Gateway.chatBody("a/chat", true).replace("Hello", "Hello ".repeat(4_000));
        sandbox.script(KEY, silence(30 << 10, 0));
        HttpResponse<String> held = gateway.post("/v1/chat/completions", key, large);
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        assertThat(held.body()).contains("At last.");
        sandbox.script(KEY, silence(80 << 10, 0));
        HttpResponse<String> refused = gateway.post("/v1/chat/completions", key, large);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("too many bodies");
        Eventually.until(
                "nothing is held any more",
                PATIENCE,
                () -> gateway.bean(BodyMemory.class).taken() == 0);
    }

    @Test
    void doesNotWaitForASlowBody() throws IOException {
        URI base = URI.create(gateway.base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\":")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("request_timeout");
        }
        Eventually.until(
                "nothing is held any more",
                PATIENCE,
                () -> gateway.bean(BodyMemory.class).taken() == 0);
    }

    /** A stream whose first events, as large as this, have no content. */
    private static String silence(int bytes, int less) {
        String event = "data: {\"id\":\"" + "x".repeat(900)
                + "\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}\n\n";
        return event.repeat((bytes - less) / event.length())
                + "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"At last.\"},\"finish_reason\":null}]}\n\n"
                + "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n";
    }
}
