package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
    public byte[] writeRequest(byte[] body, RequestHead head, String model, boolean askUsage) {
        return model.equals(head.model())
                ? body
                : Splice.apply(body, List.of(new Edit(head.modelAt(), Splice.quoted(model))));
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        try {
            JsonNode answer = Json.read(body, 0, body.length);
            if (answer.path("input_tokens").isIntegralNumber()) {
                sink.accept(new StreamEvent.UsageUpdate(
                        Usage.of(answer.path("input_tokens").asLong(), 0)));
                sink.accept(new StreamEvent.End());
                return;
            }
        } catch (JacksonException malformed) {
            // told below
        }
        sink.accept(new StreamEvent.Failure(ApiError.upstream(
                ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the provider's answer is not a count of tokens")));
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
