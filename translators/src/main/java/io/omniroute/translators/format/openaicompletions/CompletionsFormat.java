package io.omniroute.translators.format.openaicompletions;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.EndpointPath;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.OpenAiErrors;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenAI's legacy Completions: a prompt that is one user's turn, and texts without parts. No provider is asked in it. */
public enum CompletionsFormat implements ApiFormat {
    INSTANCE;

    static final String ID = "openai-completions";

    private static final List<EndpointPath> ENDPOINTS = List.of(EndpointPath.post("/completions", Operation.CHAT));
    private static final Map<Operation, OperationCodec> CODECS = Map.of(Operation.CHAT, new PromptCodec());
    private static final ChatCodec CHAT = new PromptChatCodec();
    private static final ErrorCodec ERRORS = new OpenAiErrors();

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean isForProviders() {
        return false;
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
        return "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
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
