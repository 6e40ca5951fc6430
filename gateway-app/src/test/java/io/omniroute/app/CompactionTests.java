package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.responses.CompactedResponse;
import com.openai.models.responses.ResponseCompactParams;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Received;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Conversations are made shorter by providers that have a way to do that. */
@ExtendWith(SandboxExtension.class)
class CompactionTests {

    private static final String PATH = "/v1/responses/compact";
    private static final String OF_PROVIDER = "sandbox-translation";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(
                sandbox,
                Wire.providers(sandbox)
                        + "\nomniroute.combos.shorter.targets=to-messages/chat,to-gemini/chat,to-responses/chat\n");
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"to-responses/chat", "shorter"})
    void whoeverCanDoItIsAsked(String model, Sandbox sandbox) {
        HttpResponse<String> answer = compact(model, "[{\"role\":\"user\",\"content\":\"Hello there\"}]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-OmniRoute-Model")).hasValue("to-responses/chat");
        JsonNode compaction = JSON.readTree(answer.body());
        assertThat(compaction.path("object").asString()).isEqualTo("response.compaction");
        assertThat(compaction.at("/output/0/type").asString()).isEqualTo("compaction");
        Received heard = sandbox.books(OF_PROVIDER).last();
        assertThat(heard.path()).isEqualTo(PATH);
        assertThat(heard.body())
                .isEqualTo("{\"model\":\"chat\",\"instructions\":\"be kind\","
                        + "\"input\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}");

        ObjectNode next = JSON.createObjectNode().put("model", "to-responses/chat");
        next.putArray("input")
                .addAll(compaction.path("output").valueStream().toList())
                .addObject()
                .put("role", "user")
                .put("content", "And now?");
        HttpResponse<String> on = gateway.post("/v1/responses", key, next.toString());
        assertThat(on.statusCode()).as(on.body()).isEqualTo(200);
        assertThat(sandbox.books(OF_PROVIDER).last().body())
                .contains(compaction.at("/output/0/encrypted_content").asString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404|to-messages/chat|'input':'Hi'|\"to-messages/chat\" cannot be asked for compact",
                "400|to-responses/chat|'input':'Hi','stream':true|'stream' must be false or absent",
                "400|to-responses/chat|'instructions':'be kind'|'input' is required",
                "400|to-responses/chat|'input':'Hi','previous_response_id':'resp_nobody'|resp_nobody"
            })
    void whatCannotBeDoneIsToldInTheClientsFormat(int status, String model, String fields, String message) {
        HttpResponse<String> answer =
                gateway.post(PATH, key, "{\"model\":\"" + model + "\"," + fields.replace('\'', '"') + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).at("/error/message").asString()).contains(message);
    }

    @Test
    void whatTheGatewayKeepsIsWrittenOutAndTheCompactionIsNotKept(Sandbox sandbox) {
        HttpResponse<String> first =
                gateway.post("/v1/responses", key, "{\"model\":\"to-responses/chat\",\"input\":\"The word is plum\"}");
        String id = JSON.readTree(first.body()).path("id").asString();
        HttpResponse<String> compacted = gateway.post(
                PATH,
                key,
                "{\"model\":\"to-responses/chat\",\"previous_response_id\":\"" + id + "\",\"input\":\"Which word?\"}");
        assertThat(compacted.statusCode()).as(compacted.body()).isEqualTo(200);
        assertThat(sandbox.books(OF_PROVIDER).last().body())
                .contains("The word is plum", "You said: The word is plum", "Which word?")
                .doesNotContain(id);

        String ofCompaction = JSON.readTree(compacted.body()).path("id").asString();
        HttpResponse<String> on = gateway.post(
                "/v1/responses",
                key,
                "{\"model\":\"to-responses/chat\",\"previous_response_id\":\"" + ofCompaction + "\",\"input\":\"?\"}");
        assertThat(on.statusCode()).as(on.body()).isEqualTo(400);
    }

    /** What another provider alone can read must not get to this one. */
    @Test
    void thoughtsOfOthersStayOut(Sandbox sandbox) {
        HttpResponse<String> thought = gateway.post(
                "/v1/responses",
                key,
                "{\"model\":\"to-messages/thought\",\"store\":false,\"reasoning\":{\"effort\":\"high\"},"
                        + "\"include\":[\"reasoning.encrypted_content\"],\"input\":\"Hello\"}");
        JsonNode output = JSON.readTree(thought.body()).path("output");
        String carried = output.at("/0/encrypted_content").asString();
        assertThat(carried).startsWith("or1.");
        HttpResponse<String> answer = compact("to-responses/chat", output.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String heard = sandbox.books(OF_PROVIDER).last().body();
        assertThat(heard).contains("You said: Hello", "be kind").doesNotContain("or1.");
        assertThat(JSON.readTree(heard).path("model").asString()).isEqualTo("chat");
    }

    @Test
    void theSdkReadsIt() {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.base() + "/v1")
                .apiKey(key)
                .build();
        try {
            CompactedResponse compacted = client.responses()
                    .compact(ResponseCompactParams.builder()
                            .model("to-responses/chat")
                            .input("Hello there")
                            .build());
            assertThat(compacted.output()).hasSize(1);
            assertThat(compacted.output().getFirst().isCompaction()).isTrue();
            assertThat(compacted.usage().inputTokens()).isPositive();
        } finally {
            client.close();
        }
    }

    private static HttpResponse<String> compact(String model, String input) {
        return gateway.post(
                PATH, key, "{\"model\":\"" + model + "\",\"instructions\":\"be kind\",\"input\":" + input + "}");
    }
}
