package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the tools of a client's request, their schemas, and the choice among them. */
final class GeminiTools {

    private static final String CALLING = "functionCallingConfig";
    private static final String MODE = "mode";

    /** By the numbers of Google's enumeration, which its clients for REST write. */
    private static final Map<Integer, String> MODES = Map.of(1, "AUTO", 2, "ANY", 3, "NONE", 4, "VALIDATED");

    private GeminiTools() {}

    /**
     * Adds the functions of a tool, and what else it is.
     *
     * @param validated whether the choice among all of them says that their schemas are followed
     */
    static void add(Fields tool, boolean validated, ChatRequest.Builder request) {
        JsonNode functions = tool.take("functionDeclarations", "function_declarations");
        if (functions != null) {
            int index = 0;
            for (JsonNode function : functions) {
                Fields fields = tool.at(tool.path("functionDeclarations") + "[" + index++ + "]", function);
                JsonNode schema = fields.take("parametersJsonSchema", "parameters_json_schema");
                JsonNode own = fields.take("parameters");
                String name = fields.require("name");
                String description = fields.string("description");
                request.add(new Tool.Function(
                        name,
                        description,
                        schema == null && own != null ? GeminiSchemas.jsonSchema(own) : schema,
                        validated ? true : null,
                        null,
                        Extra.rest(GeminiFormat.ID, fields)));
            }
        }
        Map<String, JsonNode> others = tool.rest();
        tool.takeAll();
        others.forEach((kind, raw) -> {
            if (raw.isNull()) {
                return; // a client's own fields for all kinds, of which this is not one
            }
            ObjectNode whole = Json.object();
            whole.set(kind, raw);
            boolean search = kind.equals("googleSearch") || kind.equals("google_search");
            request.add(
                    search
                            ? new Tool.WebSearch(GeminiFormat.ID, whole)
                            : new Tool.Hosted(GeminiFormat.ID, kind, whole));
        });
    }

    /** Whether the model is told to keep to the functions' schemas, whichever of them it may call. */
    static boolean isValidated(Fields config) {
        return mode(config.object().path(CALLING).path(MODE)).equals("VALIDATED");
    }

    private static String mode(JsonNode named) {
        return named.isIntegralNumber()
                ? MODES.getOrDefault(named.asInt(0), "")
                : named.asString("").toUpperCase(Locale.ROOT);
    }

    /** Which functions the model must call; both spellings have become one. */
    static @Nullable ToolChoice choice(Fields config) {
        Fields calling = config.fields(CALLING);
        if (calling == null) {
            return null;
        }
        JsonNode named = calling.take(MODE);
        String mode = named == null ? "" : mode(named);
        List<String> names = calling.array("allowedFunctionNames").stream()
                .map(node -> node.asString(""))
                .toList();
        boolean any = mode.equals("ANY");
        if (!names.isEmpty() && !mode.equals("NONE")) {
            return any && names.size() == 1 ? new ToolChoice.Named(names.getFirst()) : new ToolChoice.Among(names, any);
        }
        return switch (mode) {
            case "ANY" -> new ToolChoice.Required();
            case "NONE" -> new ToolChoice.None();
            case "AUTO" -> new ToolChoice.Auto();
            case "VALIDATED" -> new ToolChoice.Auto(true);
            default -> null;
        };
    }
}
