package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.EndpointPath;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.TurnRecorder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Anthropic's Messages, as in its API reference and its SDKs: named events, ended by {@code message_stop}. */
public enum AnthropicFormat implements ApiFormat {
    INSTANCE;

    static final String ID = "anthropic-messages";

    private static final int LONGEST_PARAMETER = 64;
    private static final List<EndpointPath> ENDPOINTS = List.of(
            EndpointPath.post("/messages", Operation.CHAT),
            EndpointPath.post("/messages/count_tokens", Operation.COUNT_TOKENS),
            EndpointPath.post("/providers/{provider}/messages", Operation.CHAT));

    private static final Map<Operation, OperationCodec> CODECS = Map.of(
            Operation.CHAT, new MessagesCodec("/messages"),
            Operation.COUNT_TOKENS, new MessagesCodec("/messages/count_tokens"));

    private static final ChatCodec CHAT = new MessagesChatCodec();
    private static final ErrorCodec ERRORS = new AnthropicErrors();
    private static final Set<String> REQUEST_HEADERS = Set.of("anthropic-version", "anthropic-beta");
    private static final byte[] TERMINATOR =
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
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
    public Map<String, String> requiredHeaders() {
        return Map.of("anthropic-version", "2023-06-01");
    }

    /** Claude Code sends thoughts back only if the answer that has them names the model that it asks for. */
    @Override
    public byte[] named(byte[] answer, String asked) {
        return AnsweringModel.named(answer, asked);
    }

    @Override
    public byte[] streamTerminator() {
        return TERMINATOR.clone();
    }

    @Override
    public byte[] heartbeat() {
        return "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public UpstreamAuthStyle authentication() {
        return UpstreamAuthStyle.X_API_KEY;
    }

    @Override
    public Optional<TurnRecorder> turnRecorder() {
        return Optional.of(new MessagesTurnRecorder());
    }

    @Override
    public Optional<Predicate<String>> parameterNames() {
        return Optional.of(AnthropicFormat::isParameter);
    }

    private static boolean isParameter(String name) {
        if (name.isEmpty() || name.length() > LONGEST_PARAMETER) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean continuesAssistant() {
        return true;
    }
}
