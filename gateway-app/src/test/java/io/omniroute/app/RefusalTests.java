package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.config.KeySecret;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.translators.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A call that is refused before its body was read leaves the connection good for the next one. */
@GatewayTest
class RefusalTests {

    private static final byte[] LINE_END = {'\r', '\n'};

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions,401", "/v1/nothing,404", "/v1/models,405"})
    void keepsTheConnection(String path, int status, Sandbox sandbox) throws IOException {
        // whoever guesses keys is slowed down, and others would be, too
        try (Gateway gateway = Gateway.start(sandbox, "omniroute.limits.unknown-keys-per-source=100000")) {
            keepsTheConnection(path, status, gateway);
        }
    }

    private static void keepsTheConnection(String path, int status, Gateway gateway) throws IOException {
        URI base = URI.create(gateway.base());
        byte[] body = Gateway.chatBody("a/chat", false).getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer nobody\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int connection = 0; connection < 20; connection++) {
            try (Socket client = new Socket(base.getHost(), base.getPort())) {
                client.setTcpNoDelay(true);
                client.setSoTimeout(5_000);
                OutputStream out = client.getOutputStream();
                InputStream in = new BufferedInputStream(client.getInputStream());
                for (int call = 0; call < 30; call++) {
                    out.write(head);
                    out.flush();
                    out.write(body);
                    out.flush();
                    assertThat(read(in)).as("call %s", call).isEqualTo(status);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/models?key=sk-omni-secret&x=%s HTTP/1.1,414,openai",
        "GET /v1/models HTTP/1.1|X-Long: %s,431,openai",
        "POST /v1/messages HTTP/1.1|X-Long: %s,431,anthropic",
        "POST /v1beta/models/m:generateContent?key=sk-omni-secret HTTP/1.1|X-Long: %s,431,google",
        "no HTTP at all,400,openai",
        "GET /v1/models HTTP/1.1|Host: a|Host: b,400,openai",
        "POST /v1/messages HTTP/1.1,400,anthropic",
        "GET /v1/models?key=CANARY and=more HTTP/1.1|Host: a,400,openai",
        "GET /v1/models HTTP/1.1|Host: a|Content-Length: CANARY,400,openai",
        "GET /v1/models HTTP/1.1|Host: a|Authorization CANARY: x|: CANARY,400,openai",
        "GET /v1/models?x=%%zz&key=sk-omni-secret HTTP/1.1|Host: a|Connection: close,400,openai",
        "POST /v1/messages?x=%%zz HTTP/1.1|Host: a|Connection: close,400,anthropic"
    })
    void saysWhatIsWrongWithWhatIsNoRequest(String start, int status, String shape, Gateway gateway)
            throws IOException {
        URI base = URI.create(gateway.base());
        try (Socket client = new Socket(base.getHost(), base.getPort())) {
            client.setSoTimeout(20_000);
            client.getOutputStream()
                    .write((start.replace("|", "\r\n").formatted("x".repeat(70_000)) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("x-request-id: ");
            JsonNode body = Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            assertThat(body.path("error").path("message").asString("")).isNotEmpty();
            assertThat(body.path("type").asString("")).isEqualTo(shape.equals("anthropic") ? "error" : "");
            assertThat(body.path("error").has("status")).isEqualTo(shape.equals("google"));
            assertThat(answer).doesNotContain("sk-omni-secret");
        }
    }

    @ParameterizedTest
    @CsvSource({"/api", "/api/nope", "/api/v1/nope", "/api/v1/v1/nope", "/v1/nope"})
    void nothingIsThereForAnyMethod(String path, Gateway gateway) {
        HttpResponse<String> refused = gateway.send("OPTIONS", path, gateway.key(), "");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
        assertThat(Json.read(refused.body()).has("error")).isTrue();
    }

    @Test
    void aKeyInAPathIsNotRepeated(Gateway gateway) {
        String key = KeySecret.generate(new SecureRandom());
        HttpResponse<String> refused = gateway.get("/v1/vscode/" + key + "/models", gateway.key());
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("/v1/vscode/sk-.../models");
    }

    /** Whoever sends all of a body before it reads has the answer, and not a connection that was reset. */
    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,application/json,true,40000000,413",
        "/v1/messages,application/json,true,40000000,413",
        "/v1/chat/completions,application/json,false,40000000,401",
        "/v1/chat/completions,text/plain,true,10000000,415",
        "/v1/nothing,application/json,true,10000000,404",
        "/v1/models,application/json,true,3000000,405"
    })
    void whoStillSendsHasTheAnswer(String path, String type, boolean known, int size, int status, Gateway gateway)
            throws IOException {
        String key = known ? gateway.key() : "nobody";
        for (boolean chunked : List.of(false, true)) {
            for (int call = 0; call < 3; call++) {
                assertThat(sent(gateway, path, type, key, size, chunked))
                        .as("chunked %s, call %s", chunked, call)
                        .isEqualTo(status);
            }
        }
    }

    private static int sent(Gateway gateway, String path, String type, String key, int size, boolean chunked)
            throws IOException {
        URI base = URI.create(gateway.base());
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nAuthorization: Bearer " + key
                + (chunked ? "\r\nTransfer-Encoding: chunked" : "\r\nContent-Length: " + size) + "\r\n\r\n";
        byte[] piece = new byte[100_000];
        byte[] before = (Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket client = new Socket(base.getHost(), base.getPort())) {
            client.setSoTimeout(20_000);
            OutputStream out = client.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            for (int sent = 0; sent < size; sent += piece.length) {
                if (chunked) {
                    out.write(before);
                }
                out.write(piece);
                if (chunked) {
                    out.write(LINE_END);
                }
            }
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            return read(new BufferedInputStream(client.getInputStream()));
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions,openai", "/v1/messages,anthropic", "/v1beta/models/m:generateContent,google"})
    void refusesPreflightsWhereNoOriginIsListed(String path, String shape, Gateway gateway) {
        HttpResponse<String> refused = gateway.send(HttpRequest.newBuilder(URI.create(gateway.base() + path))
                .header("Origin", "https://app.example.com")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        JsonNode body = Json.read(refused.body());
        assertThat(body.path("error").path("message").asString("")).contains("omniroute.cors");
        assertThat(body.path("type").asString("")).isEqualTo(shape.equals("anthropic") ? "error" : "");
        assertThat(body.path("error").has("status")).isEqualTo(shape.equals("google"));
    }

    /** Reads one response and gives its status. */
    private static int read(InputStream in) throws IOException {
        String statusLine = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        assertThat(in.readNBytes(length)).hasSize(length);
        return Integer.parseInt(statusLine.split(" ")[1]);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed after \"" + line + "\"");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
