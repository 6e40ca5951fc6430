package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.KeptFields;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.RequestValue;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code generateContent} and its stream, between a client and a provider of this format. The body has no model. */
final class GenerateContentCodec implements OperationCodec {

    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final String TOOLS = "tools";
    private static final Span NOWHERE = new Span(0, 0);
    private static final KeptFields KEPT = new KeptFields(
            Set.of(
                    "cachedContent",
                    "cached_content",
                    "fileSearchStoreNames",
                    "file_search_store_names",
                    "datastore",
                    "dataStore",
                    "data_store",
                    "engine",
                    "ragCorpus",
                    "rag_corpus",
                    "ragCorpora",
                    "rag_corpora"),
            Set.of("fileUri", "file_uri"),
            Set.of(
                    "args",
                    "response",
                    "parameters",
                    "parametersJsonSchema",
                    "responseSchema",
                    "responseJsonSchema",
                    "response_schema",
                    "response_json_schema"));

    private static final Set<String> FUNCTIONS = Set.of("functionDeclarations", "function_declarations");

    @Override
    public String path(String model, boolean stream) {
        return "/models/" + model + ":" + (stream ? GeminiFormat.STREAM + "?alt=sse" : GeminiFormat.GENERATE);
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        Reader reader = new Reader(body, limits);
        reader.read();
        return reader.head(endpoint);
    }

    @Override
    public byte[] withoutHostedTools(byte[] body) {
        ObjectNode request = Json.requestObject(body);
        ArrayNode kept = Json.array();
        for (JsonNode tool : tools(request)) {
            ObjectNode functions = Json.object();
            tool.properties().forEach(field -> {
                if (FUNCTIONS.contains(field.getKey()) && !field.getValue().isNull()) {
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

    static ApiException kept(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name + "' refers to something that a provider keeps; send the whole conversation instead")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        return named(head, model);
    }

    /** Puts the provider's name of the model where the body has one. */
    static List<Edit> named(RequestHead head, String model) {
        List<Edit> edits = new ArrayList<>(head.edits());
        edits.addAll(head.repairs());
        if (!head.modelAt().isEmpty()) {
            edits.add(new Edit(head.modelAt(), Splice.quoted("models/" + model)));
        }
        return edits;
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new GeminiReader(sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new GeminiStreamDecoder(!head.hostedTools().isEmpty());
    }

    /** Reads what the stages need; the model is in the path. */
    static final class Reader extends RequestReader {

        private boolean contents;
        private boolean thoughts;
        private int candidates = 1;
        private boolean counted;
        private final byte[] body;
        private @Nullable Edit notStored;
        private List<Edit> repeated = List.of();

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits, KEPT);
            this.body = body;
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "contents" -> {
                    contents = parser.currentToken().isStructStart();
                    if (parser.currentToken() == JsonToken.START_ARRAY) {
                        repeated = new RepeatedAnswers(body, this::watch).read(parser);
                    } else {
                        watch(name, parser);
                    }
                }
                case TOOLS -> {
                    if (parser.currentToken() == JsonToken.START_ARRAY) {
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            tool(parser);
                        }
                    } else {
                        // one may stand without a list around it
                        tool(parser);
                    }
                }
                case "generationConfig", "generation_config" -> config(parser);
                case "store" -> {
                    int at = (int) parser.currentTokenLocation().getByteOffset();
                    if (parser.currentToken() == JsonToken.VALUE_TRUE) {
                        notStored = new Edit(new Span(at, at + 4), FALSE);
                    }
                    parser.skipChildren();
                }
                case "generateContentRequest", "generate_content_request" -> counted(parser);
                default -> watch(name, parser);
            }
            return true;
        }

        private void tool(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                watch(parser);
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String kind = parser.currentName();
                parser.nextToken();
                if (!FUNCTIONS.contains(kind)) {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        hosted(kind);
                    }
                } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        counted();
                        watch(parser);
                    }
                    continue;
                }
                watch(kind, parser);
            }
        }

        private void config(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                watch(parser);
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("candidateCount") || name.equals("candidate_count")) {
                    // what is no count is the provider's to refuse
                    boolean counts = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() == JsonParser.NumberType.INT;
                    candidates = counts ? Math.max(1, parser.getIntValue()) : candidates;
                    parser.skipChildren();
                } else if (name.equals("thinkingConfig") || name.equals("thinking_config")) {
                    thinking(parser);
                } else {
                    watch(name, parser);
                }
            }
        }

        private void thinking(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                watch(parser);
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("includeThoughts") || name.equals("include_thoughts")) {
                    thoughts = parser.currentToken() == JsonToken.VALUE_TRUE;
                }
                watch(name, parser);
            }
        }

        /** The whole request that is to be counted, which names the model again. */
        private void counted(JsonParser parser) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw RequestValue.wrongType("generateContentRequest", "an object", parser);
            }
            counted = true;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("model") && parser.currentToken() != JsonToken.VALUE_NULL) {
                    readModel(parser);
                } else {
                    watch(name, parser);
                }
            }
        }

        RequestHead head(Endpoint endpoint) {
            if (!contents) {
                throw ApiError.invalid("contents", "'contents' is required: an array of contents")
                        .exception();
            }
            return headOf(endpoint);
        }

        /** The same where the contents may stand deeper, in a request to count. */
        RequestHead headOf(Endpoint endpoint) {
            String model = endpoint.model();
            if (model == null || model.isEmpty()) {
                throw ApiError.invalid("model", "the path names no model").exception();
            }
            requireModelName(model);
            boolean stream = endpoint.action().equals(GeminiFormat.STREAM);
            return new RequestHead(model, requireSame(model), stream, true, candidates, List.of())
                    .withEdits(notStored == null ? List.of() : List.of(notStored))
                    .withRepairs(repeated)
                    .withHostedTools(hosted())
                    .withKept(kept())
                    .wantingThoughts(thoughts);
        }

        /** Where the body names the model, too, it is the path's. */
        private Span requireSame(String model) {
            if (!namesModel()) {
                return NOWHERE;
            }
            // what is counted is counted for the model that is called
            if (!counted && !model().equals(model) && !model().endsWith("models/" + model)) {
                throw ApiError.invalid("model", "'model' is not the model of the path")
                        .exception();
            }
            return modelAt();
        }
    }
}
