package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole answers: one call through the chain. */
@GatewayTest
class ChatTests {

    @Test
    void passesTheRequestOnByteForByteButForTheModel(Gateway gateway, Sandbox sandbox) {
        String body = "{ \"temperature\":1.0,\"model\" :\n \"a/chat\", \"seed\": 12345678901234567890,"
                + "\"metadata\":{\"model\":\"a/chat\",\"é\":\"\\u00e9\"},\"messages\":[ {\"role\":\"user\",\"content\":\"x\"} ] }";
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", gateway.key(), body);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(sandbox.books(Gateway.CONNECTION_KEY + "-a").last().body())
                .isEqualTo(body.replaceFirst("\"a/chat\"", "\"chat\""));
    }

    @Test
    void passesTheAnswerOnByteForByte(Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "a/chat", false);
        JsonNode json = JsonMapper.shared().readTree(answer.body());
        assertThat(answer.body())
                .startsWith("{\"id\":\"chatcmpl-sandbox")
                .contains("\"system_fingerprint\":\"fp_sandbox\"");
        assertThat(json.at("/choices/0/message/content").asString()).contains("Hello there");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValueAsLong("content-length"))
                .hasValue(answer.body().length());
    }

    @Test
    void saysInHeadersWhoAnswered(Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "fast", false);
        assertThat(answer.headers().firstValue("X-OmniRoute-Model")).hasValue("a/chat");
        assertThat(answer.headers().firstValue("X-OmniRoute-Provider")).hasValue("a");
        assertThat(answer.headers().firstValue("X-OmniRoute-Version")).isPresent();
        assertThat(answer.headers().firstValueAsLong("X-OmniRoute-Latency-Ms")).isPresent();
        assertThat(answer.headers().firstValue("X-OmniRoute-Request-Id")).isPresent();
        assertThat(answer.headers().firstValue("X-OmniRoute-Upstream-Request-Id"))
                .hasValue("req_sandbox");
        assertThat(answer.headers().firstValue("X-OmniRoute-Fallback-Attempts")).isEmpty();
    }

    @Test
    void echoesTheClientsRequestIdIfItIsWellFormed(Gateway gateway) {
        String key = gateway.key();
        assertThat(withRequestId(gateway, key, "my-id.1_A").headers().firstValue("x-request-id"))
                .hasValue("my-id.1_A");
        HttpResponse<String> odd = withRequestId(gateway, key, "<script>");
        assertThat(odd.headers().firstValue("x-request-id"))
                .isEqualTo(odd.headers().firstValue("X-OmniRoute-Request-Id"));
    }

    @Test
    void answersEmbeddings(Gateway gateway, Sandbox sandbox) {
        String body = "{\"input\":[\"one\",\"two\"],\"model\":\"a/embed\",\"dimensions\":8}";
        HttpResponse<String> answer = gateway.post("/v1/embeddings", gateway.key(), body);
        JsonNode json = JsonMapper.shared().readTree(answer.body());
        assertThat(json.path("data").size()).isEqualTo(2);
        assertThat(json.at("/data/1/embedding").size()).isEqualTo(8);
        assertThat(sandbox.books(Gateway.CONNECTION_KEY + "-a").last().path()).isEqualTo("/v1/embeddings");
    }

    @Test
    void doesNotAskAModelForWhatItIsDeclaredNotToDo(Gateway gateway) {
        HttpResponse<String> answer = gateway.chat(gateway.key(), "a/embed", false);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"capability_mismatch\"");
    }

    @Test
    void addsTheProviderOfThePath(Gateway gateway, Sandbox sandbox) {
        String key = gateway.key();
        String path = "/v1/providers/b/chat/completions";
        assertThat(gateway.post(path, key, Gateway.chatBody("chat", false)).statusCode())
                .isEqualTo(200);
        assertThat(gateway.post(path, key, Gateway.chatBody("b/chat", false)).statusCode())
                .isEqualTo(200);
        Received last = sandbox.books(Gateway.CONNECTION_KEY + "-b").last();
        assertThat(last.body()).contains("\"model\":\"chat\"");
        HttpResponse<String> mismatch = gateway.post(path, key, Gateway.chatBody("a/chat", false));
        assertThat(mismatch.statusCode()).isEqualTo(400);
        assertThat(mismatch.body()).contains("\"param\":\"model\"");
        assertThat(gateway.post("/v1/providers/zz/chat/completions", key, Gateway.chatBody("chat", false))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void callsToolsAndTakesTheirResults(Gateway gateway) {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":"
                + "\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]";
        String question = "{\"role\":\"user\",\"content\":\"What is the weather?\"}";
        String key = gateway.key();
        JsonNode call = JsonMapper.shared()
                .readTree(gateway.post(
                                "/v1/chat/completions",
                                key,
                                "{\"model\":\"a/chat\",\"messages\":[" + question + "]," + tools + "}")
                        .body())
                .at("/choices/0/message/tool_calls/0");
        assertThat(call.at("/function/arguments").asString()).isEqualTo("{\"city\":\"sandbox\"}");
        String loop = "{\"model\":\"a/chat\",\"messages\":[" + question + ",{\"role\":\"assistant\",\"tool_calls\":["
                + call
                + "]},{\"role\":\"tool\",\"tool_call_id\":\"" + call.path("id").asString()
                + "\",\"content\":\"sunny\"}]," + tools + "}";
        assertThat(gateway.post("/v1/chat/completions", key, loop).body()).contains("sunny");
    }

    private static HttpResponse<String> withRequestId(Gateway gateway, String key, String id) {
        return gateway.send(gateway.request("/v1/chat/completions", key)
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString(Gateway.chatBody("a/chat", false)))
                .build());
    }
}
