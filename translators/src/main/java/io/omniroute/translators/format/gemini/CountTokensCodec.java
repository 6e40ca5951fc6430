package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.TokenCounts;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.function.Consumer;

/** {@code countTokens}. Never streamed. */
final class CountTokensCodec implements OperationCodec {

    @Override
    public String path(String model, boolean stream) {
        return "/models/" + model + ":" + GeminiFormat.COUNT;
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        GenerateContentCodec.Reader reader = new GenerateContentCodec.Reader(body, limits);
        reader.read();
        return reader.headOf(endpoint);
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        return GenerateContentCodec.named(head, model);
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        TokenCounts.read(body, "totalTokens", sink);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        throw new IllegalStateException("a count is never streamed");
    }
}
