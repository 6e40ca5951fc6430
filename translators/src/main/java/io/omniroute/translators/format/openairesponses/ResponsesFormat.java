package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.EndpointPath;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.OpenAiErrors;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.model.ChatRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenAI's Responses, as in its API reference and its SDKs: named events with a sequence number. */
public enum ResponsesFormat implements ApiFormat {
    INSTANCE;

    static final String ID = "openai-responses";

    /** Files are kept by OpenAI, whichever of its formats asks for them. */
    static final String FAMILY = "openai";

    /** Where tokens are counted. */
    static final String COUNT = "/responses/input_tokens";

    /** Where a conversation is made shorter. */
    static final String COMPACT = "/responses/compact";

    private static final List<EndpointPath> ENDPOINTS = List.of(
            EndpointPath.post("/responses", Operation.CHAT),
            EndpointPath.post(COUNT, Operation.COUNT_TOKENS),
            EndpointPath.post(COMPACT, Operation.COMPACT),
            EndpointPath.post("/providers/{provider}/responses", Operation.CHAT));

    private static final Map<Operation, OperationCodec> CODECS = Map.of(
            Operation.CHAT, new ResponsesCodec(),
            Operation.COUNT_TOKENS, new InputTokensCodec(),
            Operation.COMPACT, new CompactCodec());
    private static final ChatCodec CHAT = new ResponsesChatCodec();
    private static final ErrorCodec ERRORS = new OpenAiErrors();
    private static final Set<String> REQUEST_HEADERS = Set.of(
            "openai-beta",
            "idempotency-key",
            // says of a body that its tools are among its items
            "x-openai-internal-codex-responses-lite");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public ChatRequest told(ChatRequest request) {
        return AgentMessages.told(ClientRunTools.told(ToldTools.in(ToolSearch.told(request))));
    }

    @Override
    public boolean takesCustomTools(TargetProfile target) {
        return true;
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

    /** Its clients look for the end of a response, and for nothing else. */
    @Override
    public byte[] failedStream(ApiError error, String id, String model, int events) {
        return ResponseEnds.failedStream(error, id, model, events);
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
        return new byte[0];
    }

    @Override
    public String nameOf(String field) {
        return field.equals("messages") ? "input" : field;
    }

    @Override
    public UpstreamAuthStyle authentication() {
        return UpstreamAuthStyle.BEARER;
    }

    @Override
    public boolean isFirstForThoughts() {
        return true;
    }
}
