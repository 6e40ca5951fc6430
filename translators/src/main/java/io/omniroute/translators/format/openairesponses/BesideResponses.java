package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import java.util.List;
import java.util.Optional;

/**
 * What else is done with the conversation of a response, between a client and a provider of this format: it is read as a response's is, and
 * nothing of it is kept or streamed.
 */
abstract class BesideResponses implements OperationCodec {

    /** How responses themselves are read. */
    final ResponsesCodec responses = new ResponsesCodec();

    private final String path;

    BesideResponses(String path) {
        this.path = path;
    }

    @Override
    public String path(String model, boolean stream) {
        return path;
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        return responses.readRequest(body, endpoint, limits);
    }

    @Override
    public byte[] withoutHostedTools(byte[] body) {
        return responses.withoutHostedTools(body);
    }

    /** There is no {@code store} here. */
    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        return head.naming(model);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        throw new IllegalStateException(path + " is never streamed");
    }

    @Override
    public Optional<ConversationCodec> conversation() {
        return responses.conversation();
    }
}
