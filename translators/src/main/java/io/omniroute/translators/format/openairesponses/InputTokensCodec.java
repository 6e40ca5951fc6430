package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.TokenCounts;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The counting of a response's input, between a client and a provider of this format. */
final class InputTokensCodec implements OperationCodec {

    private final ResponsesCodec responses = new ResponsesCodec();

    @Override
    public String path(String model, boolean stream) {
        return ResponsesFormat.COUNT;
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        return responses.readRequest(body, endpoint, limits);
    }

    @Override
    public byte[] withoutHostedTools(byte[] body) {
        return responses.withoutHostedTools(body);
    }

    /** Nothing is answered, so nothing is kept. */
    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        return model.equals(head.model()) ? List.of() : List.of(new Edit(head.modelAt(), Splice.quoted(model)));
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        TokenCounts.read(body, "input_tokens", sink);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        throw new IllegalStateException("a count is never streamed");
    }

    @Override
    public Optional<ConversationCodec> conversation() {
        return responses.conversation();
    }
}
