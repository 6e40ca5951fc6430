package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** The deadlines, each by itself: for all calls, for a provider, for a combo's target. */
@ExtendWith(SandboxExtension.class)
class DeadlineTests {

    private static final List<SocketChannel> WAITING = new ArrayList<>();

    /** A listener that takes no connection any more. */
    private static final ServerSocket FULL = full();

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.deadlines.idle=400ms
                omniroute.providers.a.connections.main.api-key=sandbox-deadline-tests
                omniroute.providers.a.deadlines.response-headers=300ms
                omniroute.providers.b.deadlines.first-content=300ms
                omniroute.providers.b.deadlines.idle=10s
                omniroute.providers.c.deadlines.stream=500ms
                omniroute.providers.c.connections.main.api-key=sandbox-deadline-tests-c
                omniroute.combos.patient.targets[0].model=a/slow-600ms
                omniroute.combos.patient.targets[0].deadlines.response-headers=5s
                omniroute.providers.sized.base-url=%1$s
                omniroute.providers.sized.formats=openai-chat
                omniroute.providers.sized.connections.main.api-key=sandbox-deadline-tests-sized
                omniroute.providers.sized.deadlines.first-content=200ms
                omniroute.providers.sized.deadlines.first-content-per-kilobyte=200ms
                omniroute.providers.sized.deadlines.idle=10s
                omniroute.providers.read.base-url=%1$s
                omniroute.providers.read.formats=openai-chat
                omniroute.providers.read.connections.main.api-key=sandbox-deadline-tests-read
                omniroute.providers.far.base-url=http://127.0.0.1:%2$d/v1
                omniroute.providers.far.formats=openai-chat
                omniroute.providers.far.connections.main.api-key=x
                omniroute.providers.far.deadlines.connect=200ms
                """.formatted(sandbox.baseUrl(), FULL.getLocalPort()));
        key = gateway.key();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        for (SocketChannel waiting : WAITING) {
            waiting.close();
        }
        FULL.close();
    }

    @Test
    void boundsTheWaitForTheHead(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.chat(key, "a/hang", false);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("did not begin to answer in time");
        Eventually.until(
                "the provider is left",
                Duration.ofSeconds(2),
                () -> sandbox.books("sandbox-deadline-tests").open() == 0);
    }

    @Test
    void letsATargetSetItsOwn() {
        assertThat(gateway.chat(key, "patient", false).statusCode()).isEqualTo(200);
    }

    @Test
    void boundsTheWaitForTheFirstContentOfAStream() {
        HttpResponse<String> answer = gateway.chat(key, "b/think-5s", true);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":\"STREAM_READINESS_TIMEOUT\"");
    }

    /** Who asks for more may be thought about for longer. */
    @Test
    void givesTheFirstContentTimeByTheSizeOfTheRequest() {
        String small = Gateway.chatBody("sized/think-1s", true);
        assertThat(gateway.post("/v1/chat/completions", key, small).statusCode())
                .isEqualTo(504);
        String large = small.replace("Hello there", "word ".repeat(4_000));
        assertThat(gateway.post("/v1/chat/completions", key, large).statusCode())
                .isEqualTo(200);
    }

    @Test
    void endsAStreamThatFallsSilentWithAnError(Sandbox sandbox) {
        HttpResponse<String> answer = gateway.chat(key, "c/stall", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"code\":\"stream_terminated\"").doesNotContain("[DONE]");
        assertProviderIsLeft(sandbox);
    }

    /** A client that does not read holds up its provider, which is not the provider's silence. */
    @Test
    void waitsForAClientThatDoesNotRead() throws IOException {
        String body = Gateway.chatBody("read/words-50000", true);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(65536);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), URI.create(gateway.base()).getPort()));
            String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + key + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
            Mono.delay(Duration.ofSeconds(3)).block();
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).contains("data: [DONE]").doesNotContain("\"error\"");
        }
    }

    @Test
    void boundsTheSilenceInAWholeAnswer(Sandbox sandbox) {
        assertThat(gateway.chat(key, "c/stall", false).statusCode()).isEqualTo(504);
        assertProviderIsLeft(sandbox);
    }

    @Test
    void boundsTheWholeLengthOfAStream() {
        HttpResponse<String> answer = gateway.chat(key, "c/drip-50ms-words-300", true);
        assertThat(answer.body()).contains("\"code\":\"stream_terminated\"").doesNotContain("[DONE]");
    }

    /** What never got to the provider is not owed for. */
    @Test
    void boundsTheConnect() {
        double owed = owed();
        HttpResponse<String> answer = gateway.chat(key, "far/chat", false);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("did not accept a connection in time");
        assertThat(owed()).isEqualTo(owed);
        // here the provider has the request
        gateway.chat(key, "a/hang", false);
        assertThat(owed()).isGreaterThan(owed);
    }

    private static double owed() {
        return gateway.bean(MeterRegistry.class)
                .counter("omniroute.attempts.tokens", "reason", "first", "direction", "input")
                .count();
    }

    private static void assertProviderIsLeft(Sandbox sandbox) {
        Eventually.until(
                "the provider is left",
                Duration.ofSeconds(2),
                () -> sandbox.books("sandbox-deadline-tests-c").open() == 0);
    }

    private static ServerSocket full() {
        try {
            ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            for (int i = 0; i < 3; i++) {
                SocketChannel waiting = SocketChannel.open();
                waiting.configureBlocking(false);
                waiting.connect(listener.getLocalSocketAddress());
                WAITING.add(waiting);
            }
            return listener;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
