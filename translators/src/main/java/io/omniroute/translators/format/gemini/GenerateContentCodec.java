package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** {@code generateContent} and its stream, between a client and a provider of this format. The body has no model. */
final class GenerateContentCodec implements OperationCodec {

    @Override
    public String path(String model, boolean stream) {
        return "/models/" + model + ":" + (stream ? GeminiFormat.STREAM + "?alt=sse" : GeminiFormat.GENERATE);
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        ObjectNode request = Json.requestObject(body);
        if (!request.path("contents").isArray() && !request.path("contents").isObject()) {
            throw ApiError.invalid("contents", "'contents' is required: an array of contents")
                    .exception();
        }
        if (request.hasNonNull("cachedContent") || request.hasNonNull("cached_content")) {
            throw kept("cachedContent");
        }
        int candidates = request.path("generationConfig").path("candidateCount").asInt(1);
        return head(endpoint, candidates);
    }

    static RequestHead head(Endpoint endpoint, int candidates) {
        String model = endpoint.model();
        if (model == null || model.isEmpty()) {
            throw ApiError.invalid("model", "the path names no model").exception();
        }
        boolean stream = endpoint.action().equals(GeminiFormat.STREAM);
        return new RequestHead(model, new Span(0, 0), stream, true, Math.max(1, candidates), List.of());
    }

    static ApiException kept(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name + "' refers to something that a provider keeps; send the whole conversation instead")
                .withCode("unsupported_feature")
                .exception();
    }

    @Override
    public byte[] writeRequest(byte[] body, RequestHead head, String model, boolean askUsage) {
        return body;
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new GeminiReader(sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new GeminiStreamDecoder();
    }
}
