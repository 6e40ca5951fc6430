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
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code generateContent} and its stream, between a client and a provider of this format. The body has no model. */
final class GenerateContentCodec implements OperationCodec {

    private static final String TOOLS = "tools";
    private static final Set<String> IDS = Set.of(
            "cachedContent",
            "cached_content",
            "fileSearchStoreNames",
            "file_search_store_names",
            "datastore",
            "ragCorpus",
            "rag_corpus");

    private static final Set<String> FILES = Set.of("fileUri", "file_uri");

    private static final Set<String> WRITTEN_FREELY = Set.of(
            "args",
            "response",
            "parameters",
            "parametersJsonSchema",
            "responseSchema",
            "responseJsonSchema",
            "response_schema",
            "response_json_schema");

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
        for (JsonNode tool : tools(request)) {
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

    /** One tool may stand without a list around it. */
    private static JsonNode tools(ObjectNode request) {
        JsonNode tools = request.path(TOOLS);
        return tools.isObject() ? Json.array().add(tools) : tools;
    }

    private static List<String> hosted(ObjectNode request) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode tool : tools(request)) {
            tool.propertyNames().forEach(name -> {
                if (!FUNCTIONS.contains(name)) {
                    kinds.add(name);
                }
            });
        }
        return kinds;
    }

    /** What a request names that Google keeps for the credential's project; not what a model or a tool has written. */
    static List<KeptObject> kept(JsonNode request) {
        List<KeptObject> kept = new ArrayList<>();
        kept(request, kept);
        return kept;
    }

    private static void kept(JsonNode node, List<KeptObject> kept) {
        node.forEach(element -> {
            if (node.isArray()) {
                kept(element, kept);
            }
        });
        node.properties().forEach(field -> {
            String name = field.getKey();
            if (IDS.contains(name)) {
                JsonNode ids = field.getValue();
                (ids.isArray() ? ids : Json.array().add(ids)).forEach(id -> {
                    if (!id.isNull()) {
                        kept.add(new KeptObject(name, id.asString("")));
                    }
                });
            } else if (FILES.contains(name) && isKept(field.getValue().asString(""))) {
                kept.add(new KeptObject(name, field.getValue().asString("")));
            } else if (!WRITTEN_FREELY.contains(name)) {
                kept(field.getValue(), kept);
            }
        });
    }

    /** Files of the credential's project, and buckets that the credential may read. */
    static boolean isKept(String address) {
        String plain = address.strip().toLowerCase(Locale.ROOT);
        return plain.contains("generativelanguage.googleapis.com")
                || plain.startsWith("gs://")
                || plain.startsWith("files/");
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
