package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.sandbox.Books;
import io.omniroute.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** OpenAI's own SDK works through the gateway as it does with OpenAI. */
@GatewayTest
class OpenAiSdkTests {

    /** A class whose JSON schema the SDK asks for. */
    static class Answer {
        public String city = "";
        public int degrees;
    }

    @Test
    void chats(Gateway gateway) {
        ChatCompletion answer = client(gateway, gateway.key())
                .chat()
                .completions()
                .create(chat("a/chat").build());
        assertThat(answer.choices().getFirst().message().content().orElse("")).contains("Hello from the SDK");
        assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
    }

    @Test
    void streams(Gateway gateway) {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams asked = chat("fast")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client(gateway, gateway.key()).chat().completions().createStreaming(asked)) {
            stream.stream().forEach(whole::accumulate);
        }
        ChatCompletion answer = whole.chatCompletion();
        assertThat(answer.choices().getFirst().message().content().orElse("")).endsWith("all is well.");
        assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void callsTools(Gateway gateway) {
        ChatCompletionCreateParams asked = chat("a/chat")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .build())
                        .build())
                .build();
        var call = client(gateway, gateway.key())
                .chat()
                .completions()
                .create(asked)
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertThat(call.function().name()).isEqualTo("weather");
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"sandbox\"}");
    }

    @Test
    void asksForStructuredOutput(Gateway gateway) {
        var asked = ChatCompletionCreateParams.builder()
                .model("a/chat")
                .addUserMessage("Where is it warm?")
                .responseFormat(Answer.class)
                .build();
        Answer answer = client(gateway, gateway.key())
                .chat()
                .completions()
                .create(asked)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(answer.city).isEqualTo("sandbox");
        assertThat(answer.degrees).isEqualTo(42);
    }

    @Test
    void embeds(Gateway gateway) {
        CreateEmbeddingResponse answer = client(gateway, gateway.key())
                .embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("a/embed")
                        .inputOfArrayOfStrings(List.of("one", "two"))
                        .build());
        assertThat(answer.data()).hasSize(2);
        assertThat(answer.data().getFirst().embedding()).hasSize(64);
    }

    @Test
    void listsModels(Gateway gateway) {
        OpenAIClient client = client(gateway, gateway.key());
        assertThat(client.models().list().data()).anyMatch(model -> model.id().equals("a/chat"));
        assertThat(client.models().retrieve("a/chat").id()).isEqualTo("a/chat");
    }

    @Test
    void throwsTheSdksOwnExceptions(Gateway gateway) {
        OpenAIClient client = client(gateway, gateway.key());
        assertThatThrownBy(() -> client.chat().completions().create(chat("nope").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(
                        () -> client.chat().completions().create(chat("a/429").build()))
                .isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> client.chat().completions().create(chat("chat").build()))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> client(gateway, "nobody").models().list()).isInstanceOf(UnauthorizedException.class);
        String narrow = gateway.key(List.of("b/*"), Set.of(), Set.of(), null);
        assertThatThrownBy(() -> client(gateway, narrow)
                        .chat()
                        .completions()
                        .create(chat("a/chat").build()))
                .isInstanceOf(PermissionDeniedException.class);
        assertThatThrownBy(() -> read(client, "a/late-error")).hasMessageContaining("the provider failed");
    }

    @Test
    void aborts(Gateway gateway, Sandbox sandbox) {
        Books books = sandbox.books(Gateway.CONNECTION_KEY + "-c");
        long before = books.earlyCloses();
        try (StreamResponse<ChatCompletionChunk> stream = client(gateway, gateway.key())
                .chat()
                .completions()
                .createStreaming(chat("c/drip-20ms-words-3000").build())) {
            assertThat(stream.stream().limit(5).count()).isEqualTo(5);
        }
        Eventually.until("the provider is left", Duration.ofSeconds(2), () -> books.openStreams() == 0);
        assertThat(books.earlyCloses()).isEqualTo(before + 1);
    }

    private static void read(OpenAIClient client, String model) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat(model).build())) {
            stream.stream().forEach(chunk -> {});
        }
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello from the SDK");
    }

    private static OpenAIClient client(Gateway gateway, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.base() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }
}
