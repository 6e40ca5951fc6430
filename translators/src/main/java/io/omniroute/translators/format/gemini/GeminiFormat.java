package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.EndpointPath;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Google's {@code generateContent}, as in its API reference and its SDKs: the model is in the path, and streams have no end. */
public enum GeminiFormat implements ApiFormat {
    INSTANCE;

    static final String ID = "gemini";
    static final String GENERATE = "generateContent";
    static final String STREAM = "streamGenerateContent";
    static final String COUNT = "countTokens";

    private static final List<EndpointPath> ENDPOINTS = List.of(
            EndpointPath.post("/models/{model}:" + GENERATE, Operation.CHAT),
            EndpointPath.post("/models/{model}:" + STREAM, Operation.CHAT),
            EndpointPath.post("/models/{model}:" + COUNT, Operation.COUNT_TOKENS),
            // some clients leave "models/" out where the model's name has a slash of its own
            EndpointPath.post("/{model}:" + GENERATE, Operation.CHAT),
            EndpointPath.post("/{model}:" + STREAM, Operation.CHAT),
            EndpointPath.post("/{model}:" + COUNT, Operation.COUNT_TOKENS),
            EndpointPath.get("v1beta", "/models", Operation.MODELS),
            EndpointPath.get("v1beta", "/models/{model}", Operation.MODELS));

    private static final Map<Operation, OperationCodec> CODECS = Map.of(
            Operation.CHAT, new GenerateContentCodec(),
            Operation.COUNT_TOKENS, new CountTokensCodec());

    private static final ChatCodec CHAT = new GeminiChatCodec();
    private static final byte[] HEARTBEAT =
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"index\":0}]}\n\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final ErrorCodec ERRORS = new GeminiErrors();

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<EndpointPath> endpoints() {
        return ENDPOINTS;
    }

    @Override
    public Map<Operation, OperationCodec> codecs() {
        return CODECS;
    }

    @Override
    public ChatCodec chat() {
        return CHAT;
    }

    @Override
    public ErrorCodec errors() {
        return ERRORS;
    }

    @Override
    public Set<String> requestHeaders() {
        return Set.of();
    }

    @Override
    public byte[] streamTerminator() {
        return new byte[0];
    }

    /** Google's own SDK for Python takes every line for data, comments too. */
    @Override
    public boolean takesComments() {
        return false;
    }

    @Override
    public byte[] heartbeat() {
        return HEARTBEAT.clone();
    }

    @Override
    public boolean streamsAsArray(@Nullable String alt) {
        return !"sse".equals(alt);
    }

    @Override
    public String nameOf(String field) {
        return switch (field) {
            case "messages" -> "contents";
            case "n" -> "generationConfig.candidateCount";
            case "modalities" -> "generationConfig.responseModalities";
            case "tool_choice" -> "toolConfig";
            default -> field;
        };
    }

    @Override
    public UpstreamAuthStyle authentication() {
        return UpstreamAuthStyle.X_GOOG_API_KEY;
    }

    @Override
    public boolean signsCalls() {
        return true;
    }

    @Override
    public boolean continuesAssistant() {
        return true;
    }
}
