package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.EndpointPath;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.OpenAiErrors;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.TargetProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * OpenAI's Chat Completions and Embeddings, as in its API reference and its SDKs: {@code data:} events without names,
 * ended by {@code [DONE]}.
 */
public enum OpenAiChatFormat implements ApiFormat {
    INSTANCE;

    static final String ID = "openai-chat";

    /** Files are kept by OpenAI, whichever of its formats asks for them. */
    static final String FAMILY = "openai";

    private static final List<EndpointPath> ENDPOINTS = List.of(
            EndpointPath.post("/chat/completions", Operation.CHAT),
            EndpointPath.post("/embeddings", Operation.EMBEDDINGS),
            EndpointPath.get("v1", "/models", Operation.MODELS),
            EndpointPath.get("v1", "/models/{model}", Operation.MODELS),
            EndpointPath.post("/providers/{provider}/chat/completions", Operation.CHAT),
            EndpointPath.post("/providers/{provider}/embeddings", Operation.EMBEDDINGS));

    private static final Map<Operation, OperationCodec> CODECS =
            Map.of(Operation.CHAT, new ChatCompletionCodec(), Operation.EMBEDDINGS, new EmbeddingsCodec());

    private static final ChatCodec CHAT = new CompletionsChatCodec();
    private static final ErrorCodec ERRORS = new OpenAiErrors();
    private static final Set<String> REQUEST_HEADERS = Set.of("openai-beta", "idempotency-key");
    private static final byte[] TERMINATOR = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean takesCustomTools(TargetProfile target) {
        return target.takesCustomTools();
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
        return REQUEST_HEADERS;
    }

    @Override
    public byte[] streamTerminator() {
        return TERMINATOR.clone();
    }

    @Override
    public UpstreamAuthStyle authentication() {
        return UpstreamAuthStyle.BEARER;
    }

    @Override
    public boolean citesDocuments() {
        return false;
    }
}
