package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

/** What people expect of a server: CORS for listed origins, bounded pools, bounded calls. */
@ExtendWith(SandboxExtension.class)
class ServerTests {

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, """
                omniroute.cors.allowed-origins=https://app.example.com
                omniroute.providers.a.connections.main.api-key=sandbox-server-tests
                spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=1
                spring.cloud.gateway.server.webflux.httpclient.pool.acquire-timeout=300
                """);
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void answersAPreflightOfAListedOriginBeforeAuthentication() {
        HttpResponse<String> preflight = preflight("https://app.example.com");
        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://app.example.com");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        assertThat(preflight("https://evil.example.com").statusCode()).isEqualTo(403);
    }

    @Test
    void refusesARequestOfAnotherOrigin() {
        HttpRequest.Builder request = gateway.request("/v1/models", key);
        HttpResponse<String> refused = gateway.send(
                request.copy().header("Origin", "https://evil.example.com").build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("\"code\":\"origin_not_allowed\"");
        assertThat(refused.headers().firstValue("X-OmniRoute-Request-Id")).isPresent();
        HttpResponse<String> listed = gateway.send(
                request.copy().header("Origin", "https://app.example.com").build());
        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(String.join(",", listed.headers().allValues("Access-Control-Expose-Headers")))
                .contains("X-OmniRoute-Decision")
                .contains("x-omniroute-recovery-action");
    }

    @ParameterizedTest
    @CsvSource({"a/chat,false", "a/chat,true", "a/chat-401,false", "nobody/knows-it,true"})
    void answersClientsOfHttp10WithoutChunks(String model, boolean stream) throws IOException {
        String body = "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                .formatted(model, stream);
        String answer;
        try (Socket socket = new Socket("127.0.0.1", URI.create(gateway.base()).getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            // to the end of the connection, which is the end of the answer
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        String[] parts = answer.split("\r\n\r\n", 2);
        assertThat(parts[0].toLowerCase(Locale.ROOT))
                .matches("(?s)http/1\\.0 .*|.*\r\nconnection: close.*")
                .doesNotContain("connection: keep-alive")
                .doesNotContain("transfer-encoding");
        assertThat(parts[1]).startsWith(stream && model.equals("a/chat") ? "data: {" : "{");
        assertThat(parts[1].strip()).endsWith(stream && model.equals("a/chat") ? "data: [DONE]" : "}");
    }

    @Test
    void answersHeadAsGetWithoutABody() {
        HttpResponse<String> get = gateway.get("/v1/models", key);
        HttpResponse<String> head = gateway.send(gateway.request("/v1/models", key)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length"))
                .hasValue(Integer.toString(get.body().length()));
    }

    @Test
    void saysThatItIsOverloadedWhenAllConnectionsAreInUse(Sandbox sandbox) throws InterruptedException {
        int loops = LoopResources.DEFAULT_IO_WORKER_COUNT;
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4 * loops; i++) {
            callers.add(Thread.startVirtualThread(() -> gateway.chat(key, "a/slow-3s", false)));
        }
        Eventually.until(
                "the connection of every event loop is in use",
                Duration.ofSeconds(5),
                () -> sandbox.books("sandbox-server-tests").open() == loops);
        HttpResponse<String> answer = gateway.chat(key, "b/chat", false);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.body()).contains("all connections to the provider are in use");
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /** Whether the pool's patience ends first or that for a head: the provider has no part in it, and its breaker stays as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void blamesNoProviderForConnectionsThatAreNotFree(String host, Sandbox sandbox) throws InterruptedException {
        String account = "sandbox-server-tests-" + host;
        String url = sandbox.baseUrl().replace("127.0.0.1", host);
        try (Gateway impatient = Gateway.start(sandbox, """
                omniroute.providers.a.connections.main.api-key=%s
                omniroute.providers.a.base-url=%s
                omniroute.providers.b.base-url=%s
                omniroute.providers.b.formats=openai-chat
                omniroute.providers.b.connections.main.api-key=%s
                omniroute.providers.b.deadlines.response-headers=1s
                omniroute.breakers.failures=1
                spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=1
                spring.cloud.gateway.server.webflux.httpclient.pool.acquire-timeout=30000
                """.formatted(account, url, url, account))) {
            String caller = impatient.key();
            int loops = LoopResources.DEFAULT_IO_WORKER_COUNT;
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4 * loops; i++) {
                callers.add(Thread.startVirtualThread(() -> impatient.chat(caller, "a/slow-3s", false)));
            }
            Eventually.until(
                    "the connection of every event loop is in use",
                    Duration.ofSeconds(5),
                    () -> sandbox.books(account).open() == loops);
            for (boolean stream : new boolean[] {false, true}) {
                HttpResponse<String> answer = impatient.chat(caller, "b/chat", stream);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.body()).contains("all connections to the provider are in use");
            }
            for (Thread running : callers) {
                running.join();
            }
            assertThat(impatient.chat(caller, "b/chat", false).statusCode())
                    .as("the breaker, which one failure opens")
                    .isEqualTo(200);
            assertThat(impatient.chat(caller, "b/slow-3s", false).statusCode())
                    .as("what does not answer in time itself")
                    .isEqualTo(504);
        }
    }

    @Test
    void closesConnectionsAboveTheBound(Sandbox sandbox) throws IOException {
        try (Gateway small = Gateway.start(sandbox, "omniroute.limits.connections=2")) {
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    idle.add(connected(small));
                    assertThat(answersOn(idle.get(i))).isTrue();
                }
                try (Socket third = connected(small)) {
                    assertThat(answersOn(third)).isFalse();
                }
                assertThat(answersOn(idle.getFirst()))
                        .as("one that was there before")
                        .isTrue();
                idle.removeLast().close();
                Eventually.until("a place is free again", Duration.ofSeconds(5), () -> answers(small));
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
        }
    }

    /** Whether a new connection is served. */
    private static boolean answers(Gateway gateway) {
        try (Socket next = connected(gateway)) {
            return answersOn(next);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket connected(Gateway to) throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(to.base()).getPort());
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** Whether a request on a connection is answered; it is closed where not. */
    private static boolean answersOn(Socket socket) {
        byte[] answer = new byte[4096];
        try {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read(answer) > 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither answered nor closed", e);
        } catch (IOException closed) {
            return false;
        }
    }

    private static HttpResponse<String> preflight(String origin) {
        return gateway.send(gateway.request("/v1/chat/completions", "")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
    }
}
