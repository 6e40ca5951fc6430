package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.filters.admit.Concurrency;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bad input gets a clear error in the client's own format. */
@GatewayTest
@ExtendWith(SandboxExtension.class)
class ErrorTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                                    | the body is empty           | ",
                "{                                                                     | is not valid JSON           | ",
                "[1]                                                                   | must be a JSON object       | ",
                "{\"model\":\"a/chat\"}                                                | 'messages' is required      | messages",
                "{\"model\":\"a/chat\",\"messages\":[]}                                | must not be empty           | messages",
                "{\"model\":\"a/chat\",\"messages\":{}}                                | must be an array            | messages",
                "{\"model\":\"a/chat\",\"messages\":[3]}                               | must be an object           | messages[0]",
                "{\"model\":\"a/chat\",\"messages\":[{\"content\":\"x\"}]}             | is required                 | messages[0].role",
                "{\"model\":\"a/chat\",\"messages\":[{\"role\":\"user\",\"content\":1}]} | must be a string          | messages[0].content",
                "{\"messages\":[{\"role\":\"user\"}]}                                  | 'model' is required         | model",
                "{\"model\":7,\"messages\":[{\"role\":\"user\"}]}                      | must be a string, not a number | model",
                "{\"model\":\"a/chat\",\"model\":\"b/chat\",\"messages\":[{\"role\":\"user\"}]} | given twice        | model",
                "{\"model\":\"a/chat\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\"}]} | must be a boolean    | stream",
                "{\"model\":\"a/chat\",\"temperature\":3,\"messages\":[{\"role\":\"user\"}]} | between 0 and 2       | temperature",
                "{\"model\":\"a/chat\",\"n\":0,\"messages\":[{\"role\":\"user\"}]}     | must be at least 1          | n",
                "{\"model\":\"a/chat\",\"max_tokens\":1.5,\"messages\":[{\"role\":\"user\"}]} | a whole number       | max_tokens",
                "{\"model\":\"a/chat\",\"max_tokens\":99999999999,\"messages\":[{\"role\":\"user\"}]} | at most 2147483647 | max_tokens",
                "{\"model\":\"a/chat\",\"max_tokens\":99999999999999999999,\"messages\":[{\"role\":\"user\"}]} | at most 2147483647 | max_tokens",
                "{\"model\":\"a/chat\",\"messages\":[{\"role\":\"user\"}]} trailing    | is not valid JSON           | "
            })
    void refusesABadRequestNamingTheField(String body, String message, String param, Gateway gateway) {
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", gateway.key(), body == null ? "" : body);
        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = JsonMapper.shared().readTree(answer.body()).path("error");
        assertThat(error.path("message").asString()).contains(message);
        assertThat(error.path("param").asString(null)).isEqualTo(param);
        assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asString()).isEqualTo("bad_request");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-",
                "text/plain",
                "application/xml",
                "application/json;charset=utf-16",
                "nonsense",
                "multipart/form-data"
            })
    void refusesOtherContentTypes(String type, Gateway gateway) {
        HttpRequest.Builder request = gateway.request("/v1/chat/completions", gateway.key())
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("a/chat", false)));
        HttpResponse<String> answer =
                gateway.send((type == null ? request : request.header("Content-Type", type)).build());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("\"code\":\"unsupported_media_type\"");
    }

    /** Some programs write a mark of the order of bytes first. */
    @Test
    void readsOverAMarkOfTheOrderOfBytes(Gateway gateway) {
        HttpResponse<String> answer =
                gateway.post("/v1/chat/completions", gateway.key(), "\ufeff" + Gateway.chatBody("a/chat", false));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsTooLargeTooDeepOrNotUtf8(Sandbox sandbox) {
        try (Gateway small = Gateway.start(sandbox, """
                omniroute.limits.body=20KB
                omniroute.limits.json-depth=20
                omniroute.limits.json-tokens=1000
                """)) {
            String key = small.key();
            String large = Gateway.chatBody("a/chat", false).replace("Hello there", "x".repeat(30_000));
            HttpResponse<String> announced = small.post("/v1/chat/completions", key, large);
            assertThat(announced.statusCode()).isEqualTo(413);
            assertThat(announced.body())
                    .contains("\"code\":\"payload_too_large\"")
                    .contains("20480");
            HttpResponse<String> chunked = small.send(small.request("/v1/chat/completions", key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(large)))
                    .build());
            assertThat(chunked.statusCode()).isEqualTo(413);
            String deep = "{\"model\":\"a/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"x\":"
                    + "[".repeat(30) + "]".repeat(30) + "}";
            HttpResponse<String> nested = small.post("/v1/chat/completions", key, deep);
            assertThat(nested.statusCode()).isEqualTo(400);
            assertThat(nested.body()).contains("nested deeper than 20");
            String many = "{\"model\":\"a/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"x\":["
                    + "{},".repeat(600) + "{}]}";
            HttpResponse<String> manyParts = small.post("/v1/chat/completions", key, many);
            assertThat(manyParts.statusCode()).isEqualTo(400);
            assertThat(manyParts.body()).contains("more than 1000 names and values");
            HttpResponse<String> utf16 = small.send(small.request("/v1/chat/completions", key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            Gateway.chatBody("a/chat", false).getBytes(StandardCharsets.UTF_16LE)))
                    .build());
            assertThat(utf16.body()).contains("UTF-8");
            // a slash in two bytes, which checks for slashes do not see
            byte[] overlong =
                    Gateway.chatBody("a/chat", false).replace("Hello", "He~~o").getBytes(StandardCharsets.UTF_8);
            int mark = new String(overlong, StandardCharsets.ISO_8859_1).indexOf("~~");
            assertThat(mark).isPositive();
            overlong[mark] = (byte) 0xC0;
            overlong[mark + 1] = (byte) 0xAF;
            HttpResponse<String> odd = small.send(small.request("/v1/chat/completions", key)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(overlong))
                    .build());
            assertThat(odd.statusCode()).isEqualTo(400);
            assertThat(odd.body()).contains("UTF-8; at byte " + mark);
        }
    }

    /** What stands in a path is the client's word too, and goes into the log. */
    @Test
    void refusesControlCharactersInAModelsName(Gateway gateway) {
        HttpResponse<String> refused = gateway.post(
                "/v1beta/models/x%0a13:00:00.000%20INFO:generateContent",
                gateway.key(), "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("control characters");
    }

    /** Whoever sends more than is taken is told so, although it goes on sending; and what it sends is not kept. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesLargeUploadsThatNobodyReads(boolean announced, Gateway gateway) throws IOException {
        URI base = URI.create(gateway.base());
        long taken = 32L << 20;
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer " + gateway.key() + "\r\n"
                            + (announced ? "Content-Length: " + 2 * taken : "Transfer-Encoding: chunked") + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            Thread sends = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 64; i++) {
                        if (!announced) {
                            out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        out.write(piece);
                        if (!announced) {
                            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                } catch (IOException closed) {
                    // the gateway need not read to the end
                }
            });
            String answer = readUntil(socket.getInputStream(), "}}");
            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .contains("\"code\":\"payload_too_large\"")
                    .contains(Long.toString(taken));
            socket.close();
            assertThat(sends.join(Duration.ofSeconds(20))).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
        Eventually.until(
                "nothing of it is kept",
                Duration.ofSeconds(5),
                () -> gateway.bean(BodyMemory.class).taken() == 0);
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] bytes = new byte[4096];
        while (read.indexOf(end) < 0) {
            int count = in.read(bytes);
            assertThat(count).as("read so far: %s", read).isPositive();
            read.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    @Test
    void boundsBodiesCallsAndStreamsThatAreInMemoryAtATime(Sandbox sandbox) {
        try (Gateway small = Gateway.start(sandbox, """
                omniroute.limits.buffered-bodies=1KB
                omniroute.limits.calls-per-key=0
                """)) {
            HttpResponse<String> calls = small.chat(small.key(), "a/chat", false);
            assertThat(calls.statusCode()).isEqualTo(429);
            assertThat(calls.body()).contains("\"code\":\"concurrency_limit\"");
        }
        try (Gateway small = Gateway.start(sandbox, """
                omniroute.limits.buffered-bodies=3KB
                omniroute.limits.streams=0
                """)) {
            String key = small.key();
            String body = Gateway.chatBody("a/chat", false).replace("Hello there", "x".repeat(4000));
            HttpResponse<String> full = small.post("/v1/chat/completions", key, body);
            assertThat(full.statusCode()).isEqualTo(503);
            assertThat(full.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(small.chat(key, "a/chat", true).statusCode()).isEqualTo(503);
            assertThat(small.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1beta/models/a/chat:generateContent"})
    void boundsTheToolsOfARequest(String path, Sandbox sandbox) {
        try (Gateway small = Gateway.start(sandbox, "omniroute.limits.tools=2\n")) {
            String function =
                    "{\"name\":\"f%1$s\",\"type\":\"function\",\"function\":{\"name\":\"f%1$s\"},\"input_schema\":{\"type\":\"object\"}}";
            String three =
                    "[" + function.formatted(1) + "," + function.formatted(2) + "," + function.formatted(3) + "]";
            String tools = path.contains("gemini") || path.contains("models/")
                    ? "[{\"functionDeclarations\":" + three + "}]"
                    : three;
            HttpResponse<String> refused = small.post(
                    path,
                    small.key(),
                    "{\"model\":\"a/chat\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"input\":\"Hi\","
                            + "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"tools\":" + tools + "}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("more than 2 tools");
        }
    }

    /** One call more than a key may have at a time is refused, and let in when another has ended. */
    @Test
    void boundsTheCallsOfAKey(Sandbox sandbox) {
        try (Gateway small = Gateway.start(sandbox, "omniroute.limits.calls-per-key=2\n")) {
            String key = small.key();
            List<CompletableFuture<HttpResponse<String>>> running = Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> small.chat(key, "a/slow-4s", false)))
                    .limit(2)
                    .toList();
            Concurrency calls = small.context().getBean("callConcurrency", Concurrency.class);
            Eventually.until("both run", Duration.ofSeconds(5), () -> calls.current() == 2);
            HttpResponse<String> third = small.chat(key, "a/chat", false);
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).contains("\"code\":\"concurrency_limit\"");
            assertThat(small.chat(small.key(), "a/chat", false).statusCode())
                    .as("another key's")
                    .isEqualTo(200);
            running.forEach(one -> assertThat(one.join().statusCode()).isEqualTo(200));
            // an answer is there a moment before its call has ended
            Eventually.until("both have ended", Duration.ofSeconds(5), () -> calls.current() == 0);
            assertThat(small.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401,502,upstream_auth_failed",
        "402,502,upstream_quota_exhausted",
        "403,502,upstream_auth_failed",
        "429,429,rate_limit_exceeded",
        "500,502,bad_gateway",
        "503,503,service_unavailable",
        "529,503,service_unavailable",
        "504,504,gateway_timeout",
        "400,400,bad_request",
        "404,404,model_not_found"
    })
    void keepsTheVendorsAccountToItself(String vendor, int status, String code, Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "a/" + vendor + "-retry-3s", false);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(answer.body() + answer.headers().map())
                .doesNotContain("org-SANDBOX")
                .doesNotContain("proj_")
                .doesNotContain("30000")
                .doesNotContain("/srv/app")
                .doesNotContain("sk-sand")
                .doesNotContain("__cf_bm")
                .doesNotContain(Gateway.CONNECTION_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/nothing", "/v1/chat", "/v1", "/v1/models/", "/v1/providers/a/nothing", "/v1/..%2fx"})
    void answersUnknownPathsInJson(String path, Gateway gateway) {
        HttpResponse<String> answer = gateway.post(path, gateway.key(), "{}");
        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(answer.headers().firstValue("x-omniroute-request-id")).isPresent();
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).contains("\"error\"");
    }

    /** What no endpoint answers is told in the format of those that begin alike, or are of the same version. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /v1/messages                | 405 | {\"type\":\"error\",\"error\":",
                "POST | /v1/messages/nothing        | 404 | {\"type\":\"error\",\"error\":",
                "POST | /v1beta/models/x:nope       | 405 | {\"error\":{\"code\":405,\"message\":",
                "GET  | /v1beta/models/a/chat:generateContent | 405 | {\"error\":{\"code\":405,\"message\":",
                "GET  | /v1beta/models/x:countTokens | 405 | {\"error\":{\"code\":405,\"message\":",
                "POST | /v1beta/nothing             | 404 | {\"error\":{\"code\":404,\"message\":",
                "POST | /chat/nothing               | 404 | {\"error\":{\"message\":",
                "POST | /api/v1/chat/nothing        | 404 | {\"error\":{\"message\":",
                "POST | /api/v1/messages/nothing    | 404 | {\"type\":\"error\",\"error\":"
            })
    void answersUnknownPathsInTheNearestFormat(String method, String path, int status, String begin, Gateway gateway) {
        HttpResponse<String> answer = gateway.send(gateway.request(path, gateway.key())
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).startsWith(begin);
    }

    /** Whoever asks, and however it is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api//nothing",
                "/api/nothing;x=1",
                "/api/a%2Fb",
                "/V1/nothing;x",
                "/api/v1/nothing//x",
                "/v1beta/nothing;x"
            })
    void answersInJsonThatThereIsNothing(String path, Gateway gateway) {
        for (String key : List.of("", gateway.key())) {
            HttpResponse<String> answer = gateway.get(path, key);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.body()).contains("\"error\"");
        }
    }

    /** A query that no client library would write is nobody's business but the provider's, or its writer's. */
    @ParameterizedTest
    @ValueSource(strings = {"pageToken=abc==", "f[]=1", "x=%zz", "a=b=c&&d", "caf\u00e9=1", "=", "?"})
    void takesAnyQueryBesideAKey(String query, Gateway gateway) throws IOException {
        for (String path : List.of("/v1beta/models?key=%s&%s", "/api/v1/models?%2$s&key=%1$s")) {
            String answer = raw(gateway, path.formatted(gateway.key(), query));
            assertThat(answer).matches("(?s)HTTP/1.1 (200|400) .*").doesNotContain(gateway.key());
        }
    }

    /** The same parameter in other letters is the same key; what other gateways read one from is none here. */
    @ParameterizedTest
    @CsvSource({"%6bey,200", "k%65y,200", "key,200", "KEY,401", "api_key,401", "token,401"})
    void readsAKeyFromOneParameter(String name, int status, Gateway gateway) throws IOException {
        String key = gateway.key();
        String answer = raw(gateway, "/v1/models?x=1&" + name + "=" + key);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain(key);
    }

    private static String raw(Gateway gateway, String target) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(gateway.base()).getPort())) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/v1/chat/completions,POST", "DELETE,/v1/embeddings,POST", "POST,/v1/models,'GET, HEAD'"})
    void saysWhichMethodsAPathAnswers(String method, String path, String allowed, Gateway gateway) {
        HttpResponse<String> answer = gateway.send(gateway.request(path, gateway.key())
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue(allowed);
        assertThat(answer.headers().firstValue("x-omniroute-request-id")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/v1/chat/completions",
                "/api/v1/chat/completions",
                "/chat/completions",
                "/V1/Chat/Completions",
                "/v1//chat/completions/",
                "/v1/chat;a=b/completions",
                "/v1/chat%2fcompletions"
            })
    void normalisesThePathBeforeAnyDecision(String path, Gateway gateway) {
        String body = Gateway.chatBody("a/chat", false);
        assertThat(gateway.post(path, gateway.key(), body).statusCode()).isEqualTo(200);
        assertThat(gateway.post(path, "", body).statusCode()).isEqualTo(401);
    }
}
