package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.HandedOut;
import io.omniroute.translators.format.HostedTools;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Responses between a client and a provider of this format. Unless the provider may keep answers, {@code store} goes out as
 * false. What refers to something that the provider keeps, or to answers that the gateway keeps, is noted.
 */
final class ResponsesCodec implements OperationCodec {

    private static final ConversationCodec CONVERSATION = new ResponsesConversation();

    @Override
    public String path(String model, boolean stream) {
        return "/responses";
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        ResponsesHeadReader reader = new ResponsesHeadReader(body, limits, HOSTED.isHosted());
        reader.read();
        return reader.head();
    }

    @Override
    public byte[] withoutHostedTools(byte[] body) {
        return HOSTED.without(body);
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        List<Edit> edits = new ArrayList<>(head.edits());
        edits.addAll(head.naming(model));
        return edits;
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new ResponseReader(sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new ResponsesStreamDecoder();
    }

    @Override
    public Optional<ConversationCodec> conversation() {
        return Optional.of(CONVERSATION);
    }

    /** The refusal of what only the provider that keeps it can be told. */
    static ApiException kept(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name + "' refers to something that a provider keeps; send the conversation itself, with"
                                + " 'store' set to false")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    /** The refusal of what only a provider that keeps answers could do. */
    static ApiException unsupported(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name
                                + "' needs a provider that keeps the answer for later; ask for it now, streamed if it"
                                + " takes long")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    @Override
    public HandedOut handedOut() {
        return ResponsesHandedOut.IDS;
    }

    /** Tools that the client runs, and those that are nothing but a look at the other tools. */
    private static final Set<String> CLIENTS =
            Set.of("function", "custom", "namespace", "local_shell", "apply_patch", "tool_search");

    private static final HostedTools HOSTED =
            new HostedTools(type -> !type.isEmpty() && !CLIENTS.contains(type), List.of());
}
