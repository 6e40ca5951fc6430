package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.Wire;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendors' own SDKs fold the streams that other vendors' models answer with. */
@ExtendWith(SandboxExtension.class)
class TranslatedSdkTests {

    private static final String TWO_CALLS = "/parallel-thought";
    private static final Map<String, Object> PROPERTIES = Map.of("city", Map.of("type", "string"));

    private static Gateway gateway;
    private static String key;

    @BeforeAll
    static void start(Sandbox sandbox) {
        gateway = Gateway.start(sandbox, Wire.providers(sandbox));
        key = gateway.key();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void anthropicsFoldsMessages(Wire target) {
        AnthropicClient client = AnthropicOkHttpClient.builder()
                .baseUrl(gateway.base())
                .apiKey(key)
                .maxRetries(0)
                .build();
        MessageCreateParams asked = MessageCreateParams.builder()
                .model(target.provider() + TWO_CALLS)
                .maxTokens(2_000)
                .addUserMessage("Weather?")
                .addTool(anthropicTool("first"))
                .addTool(anthropicTool("second"))
                .build();
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(asked)) {
            stream.stream().forEach(whole::accumulate);
        }
        Message message = whole.message();
        assertThat(message.content().stream().filter(block -> block.isToolUse()).count())
                .isEqualTo(2);
        assertThat(message.stopReason().orElseThrow().asString()).isEqualTo("tool_use");
        assertThat(message.usage().outputTokens()).isPositive();
        assertThat(message.usage().inputTokens()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void openAisFoldsResponses(Wire target) {
        ResponseCreateParams asked = ResponseCreateParams.builder()
                .model(target.provider() + TWO_CALLS)
                .input("Weather?")
                .addTool(openAiTool("first"))
                .addTool(openAiTool("second"))
                .build();
        ResponseAccumulator whole = ResponseAccumulator.create();
        try (com.openai.core.http.StreamResponse<ResponseStreamEvent> stream = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.base() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build()
                .responses()
                .createStreaming(asked)) {
            stream.stream().forEach(whole::accumulate);
        }
        Response response = whole.response();
        assertThat(response.output().stream()
                        .filter(item -> item.isFunctionCall())
                        .count())
                .isEqualTo(2);
        assertThat(response.usage().orElseThrow().totalTokens()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void googlesReadsGeneratedContent(Wire target) {
        Client client = Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder().baseUrl(gateway.base()).build())
                .build();
        GenerateContentConfig config = GenerateContentConfig.builder()
                .tools(com.google.genai.types.Tool.builder()
                        .functionDeclarations(googleTool("first"), googleTool("second"))
                        .build())
                .build();
        List<String> calls = new ArrayList<>();
        List<String> endings = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(target.provider() + TWO_CALLS, "Weather?", config)) {
            for (GenerateContentResponse response : stream) {
                if (response.functionCalls() != null) {
                    response.functionCalls()
                            .forEach(call -> calls.add(call.name().orElse("")));
                }
                response.candidates()
                        .orElse(List.of())
                        .forEach(candidate ->
                                candidate.finishReason().ifPresent(reason -> endings.add(reason.toString())));
            }
        }
        assertThat(calls).containsExactly("first", "second");
        assertThat(endings).containsExactly("STOP");
    }

    private static Tool anthropicTool(String name) {
        return Tool.builder()
                .name(name)
                .inputSchema(Tool.InputSchema.builder()
                        .properties(JsonValue.from(PROPERTIES))
                        .build())
                .build();
    }

    private static FunctionTool openAiTool(String name) {
        return FunctionTool.builder()
                .name(name)
                .strict(false)
                .parameters(FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", com.openai.core.JsonValue.from("object"))
                        .putAdditionalProperty("properties", com.openai.core.JsonValue.from(PROPERTIES))
                        .build())
                .build();
    }

    private static FunctionDeclaration googleTool(String name) {
        return FunctionDeclaration.builder()
                .name(name)
                .parametersJsonSchema(Map.of("type", "object", "properties", PROPERTIES))
                .build();
    }
}
