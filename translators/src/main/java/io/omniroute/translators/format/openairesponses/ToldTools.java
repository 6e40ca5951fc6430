package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.FunctionSchemas;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools as models of other vendors are told of them: what a namespace is for, before what the first of its tools does that may be called, and schemas without
 * what OpenAI alone does, which seals arguments. The client finds its tools in the answer as it has written them.
 */
final class ToldTools {

    private static final String NAMESPACE = "namespace";
    private static final String SEALED = "encrypted";
    private static final String DESCRIPTION = "described";
    private static final String SCHEMA = "sealing";

    /** The namespaces that something was told of. */
    private final Set<String> told = new HashSet<>();

    private final @Nullable ToolChoice choice;

    private ToldTools(@Nullable ToolChoice choice) {
        this.choice = choice;
    }

    /** The request with tools that other vendors understand; itself if it has no others. */
    static ChatRequest in(ChatRequest request) {
        ToldTools all = new ToldTools(request.toolChoice());
        List<Tool> tools = request.tools().stream().map(all::told).toList();
        return tools.equals(request.tools())
                ? request
                : request.change().tools(tools).build();
    }

    /** What a tool does, in the client's words alone. */
    static @Nullable String description(@Nullable String said, Extra extra) {
        JsonNode own = extra.of(ResponsesFormat.ID).get(DESCRIPTION);
        return own == null ? said : own.stringValue(null);
    }

    /** What a function takes, as the client wrote it. */
    static @Nullable JsonNode schema(Tool.Function function) {
        JsonNode own = function.extra().of(ResponsesFormat.ID).get(SCHEMA);
        return own == null ? function.schema() : own;
    }

    private Tool told(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> {
                Map<String, JsonNode> own = new LinkedHashMap<>();
                String description = described(function.name(), function.description(), function.extra(), own);
                JsonNode schema = unsealed(function.schema(), own);
                yield new Tool.Function(
                        function.name(),
                        description,
                        schema,
                        function.strict(),
                        function.cache(),
                        with(own, function.extra()));
            }
            case Tool.Custom custom -> {
                Map<String, JsonNode> own = new LinkedHashMap<>();
                String description = described(custom.name(), custom.description(), custom.extra(), own);
                yield new Tool.Custom(custom.name(), description, custom.format(), with(own, custom.extra()));
            }
            case Tool.WebSearch search -> search;
            case Tool.Hosted hosted -> hosted;
        };
    }

    private @Nullable String described(
            String name, @Nullable String description, Extra extra, Map<String, JsonNode> own) {
        String namespace = Namespaces.of(name);
        JsonNode written = extra.of(ResponsesFormat.ID).get(NAMESPACE);
        String about =
                written == null ? "" : written.path("description").asString("").strip();
        if (namespace == null || about.isEmpty() || !isShown(name) || !told.add(namespace)) {
            return description;
        }
        own.put(DESCRIPTION, description == null ? Json.nothing() : Json.string(description));
        String all = "All tools of " + namespace + ": " + about;
        return description == null || description.isBlank() ? all : all + "\n\n" + description;
    }

    /** Those that may not be called now are not shown to every model. */
    private boolean isShown(String name) {
        return !(choice instanceof ToolChoice.Among among) || among.names().contains(name);
    }

    private static @Nullable JsonNode unsealed(@Nullable JsonNode schema, Map<String, JsonNode> own) {
        JsonNode plain = schema instanceof ObjectNode object ? FunctionSchemas.without(SEALED, object) : schema;
        if (schema != null && plain != schema) {
            own.put(SCHEMA, schema);
        }
        return plain;
    }

    private static Extra with(Map<String, JsonNode> own, Extra extra) {
        if (own.isEmpty()) {
            return extra;
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>(extra.of(ResponsesFormat.ID));
        fields.putAll(own);
        return new Extra(ResponsesFormat.ID, fields);
    }
}
