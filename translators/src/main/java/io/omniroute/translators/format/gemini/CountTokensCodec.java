package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
    public byte[] writeRequest(byte[] body, RequestHead head, String model, boolean askUsage) {
        return GenerateContentCodec.named(body, head, model);
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        try {
            JsonNode answer = Json.read(body, 0, body.length);
            if (answer.path("totalTokens").isIntegralNumber()) {
                sink.accept(new StreamEvent.UsageUpdate(
                        Usage.of(answer.path("totalTokens").asLong(), 0)));
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
}
