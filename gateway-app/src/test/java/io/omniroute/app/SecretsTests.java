package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Planted secrets and prompts never show up in the log, not even at debug, nor in an error. */
@ExtendWith({SandboxExtension.class, OutputCaptureExtension.class})
class SecretsTests {

    private static final String PROMPT = "CANARY-prompt-7f3a";
    private static final String CONNECTION = "sandbox-CANARY-connection-91bc";

    @Test
    void showsNoKeyNoCredentialAndNoPromptAnywhere(Sandbox sandbox, CapturedOutput output) throws IOException {
        StringBuilder answers = new StringBuilder();
        String key;
        try (Gateway gateway = Gateway.start(sandbox, """
                omniroute.providers.a.connections.main.api-key=%s
                logging.level.io.omniroute=debug
                logging.level.org.springframework.web=debug
                logging.level.org.springframework.cloud.gateway=debug
                """.formatted(CONNECTION))) {
            key = gateway.key();
            for (String model :
                    List.of("chat", "401", "500", "400", "cut", "malformed", "reset", "first-error", "nope/x")) {
                for (boolean stream : new boolean[] {true, false}) {
                    String body = Gateway.chatBody("a/" + model, stream).replace("Hello there", PROMPT);
                    HttpResponse<String> answer = gateway.post("/v1/chat/completions", key, body);
                    if (answer.statusCode() != 200) {
                        answers.append(answer.body()).append(answer.headers().map());
                    }
                }
            }
            answers.append(gateway.post("/v1/chat/completions", key, "{\"x\": \"" + PROMPT)
                    .body());
            answers.append(gateway.get("/v1/models/none?key=" + key, "").body());
            answers.append(gateway.get("/v1/nothing?key=" + key, "").body());
            for (String query : List.of("%6bey=", "KEY=", "api_key=", "token=")) {
                answers.append(gateway.get("/v1/models/none?" + query + key, "").body());
            }
            answers.append(unreadable(gateway, "/v1/models%zz?key=" + key));
            answers.append(unreadable(gateway, "/v1/models?x=%zz&key=" + key));
            answers.append(gateway.send(HttpRequest.newBuilder(
                                    gateway.request("/v1/models", key).build().uri())
                            .header("Authorization", "Bearer " + key + "x")
                            .build())
                    .body());
        }
        assertThat(output.toString()).contains("request_id").contains("unauthenticated");
        for (String secret : List.of(key, CONNECTION, PROMPT)) {
            assertThat(output.toString()).as("the log").doesNotContain(secret);
            assertThat(answers.toString()).as("errors").doesNotContain(secret);
        }
    }

    /** What the gateway says to an address that no library would write. */
    private static String unreadable(Gateway gateway, String target) throws IOException {
        URI base = URI.create(gateway.base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
