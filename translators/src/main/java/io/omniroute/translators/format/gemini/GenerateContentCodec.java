package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.KeptObject;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code generateContent} and its stream, between a client and a provider of this format. The body has no model. */
final class GenerateContentCodec implements OperationCodec {

    private static final String TOOLS = "tools";
    private static final Set<String> FUNCTIONS = Set.of("functionDeclarations", "function_declarations");

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
        int candidates = request.path("generationConfig").path("candidateCount").asInt(1);
        return head(endpoint, candidates).withHostedTools(hosted(request)).withKept(kept(request));
    }

    @Override
    public byte[] withoutHostedTools(byte[] body) {
        ObjectNode request = Json.requestObject(body);
        ArrayNode kept = Json.array();
        for (JsonNode tool : request.path(TOOLS)) {
            ObjectNode functions = Json.object();
            tool.properties().forEach(field -> {
                if (FUNCTIONS.contains(field.getKey())) {
                    functions.set(field.getKey(), field.getValue());
                }
            });
            if (!functions.isEmpty()) {
                kept.add(functions);
            }
        }
        if (kept.isEmpty()) {
            List.of(TOOLS, "toolConfig", "tool_config").forEach(request::remove);
        } else {
            request.set(TOOLS, kept);
        }
        return Json.bytes(request);
    }

    private static List<String> hosted(ObjectNode request) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode tool : request.path(TOOLS)) {
            tool.propertyNames().forEach(name -> {
                if (!FUNCTIONS.contains(name)) {
                    kinds.add(name);
                }
            });
        }
        return kinds;
    }

    /** What a request names that Google keeps for the credential's project. */
    static List<KeptObject> kept(ObjectNode request) {
        List<KeptObject> kept = new ArrayList<>();
        for (String name : List.of("cachedContent", "cached_content")) {
            if (request.hasNonNull(name)) {
                kept.add(new KeptObject(name, request.path(name).asString("")));
            }
        }
        for (String file : List.of("fileData", "file_data")) {
            for (JsonNode data : request.findValues(file)) {
                for (String name : List.of("fileUri", "file_uri")) {
                    String address = data.path(name).asString("");
                    if (isKept(address)) {
                        kept.add(new KeptObject(name, address));
                    }
                }
            }
        }
        for (String stores : List.of("fileSearchStoreNames", "file_search_store_names")) {
            for (JsonNode names : request.path(TOOLS).findValues(stores)) {
                names.forEach(name -> kept.add(new KeptObject(stores, name.asString(""))));
            }
        }
        return kept;
    }

    /** Files of the credential's project, and buckets that the credential may read. */
    private static boolean isKept(String address) {
        return address.contains("generativelanguage.googleapis.com")
                || address.startsWith("gs://")
                || address.startsWith("files/");
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
