package io.omniroute.translators.format;

import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools that take text, for formats whose tools all take JSON: functions of one text. */
public final class CustomTools {

    private static final String INPUT = "input";

    private CustomTools() {}

    /** What a text must look like, as the Chat format describes it, in the words of Responses. */
    public static @Nullable JsonNode flat(@Nullable JsonNode format) {
        if (format == null || !format.path("grammar").isObject()) {
            return format;
        }
        ObjectNode flat = Json.object().put("type", format.path("type").asString(""));
        flat.setAll((ObjectNode) format.path("grammar"));
        return flat;
    }

    /** The same in the words of the Chat format. */
    public static JsonNode nested(JsonNode format) {
        if (!(format instanceof ObjectNode flat)
                || !flat.path("type").asString("").equals("grammar")) {
            return format;
        }
        ObjectNode nested = Json.object().put("type", "grammar");
        ObjectNode grammar = nested.putObject("grammar");
        flat.properties().stream()
                .filter(field -> !field.getKey().equals("type"))
                .forEach(field -> grammar.set(field.getKey(), field.getValue()));
        return nested;
    }

    /** The tool as a function; a grammar that nobody enforces is told to the model. */
    public static Tool.Function asFunction(Tool.Custom custom, Losses losses) {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        if (custom.format() != null
                && !custom.format().path("type").asString("text").equals("text")) {
            losses.add(Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.format");
        }
        return new Tool.Function(custom.name(), described(custom), schema, null, null, Extra.NONE);
    }

    private static @Nullable String described(Tool.Custom custom) {
        JsonNode format = custom.format();
        String grammar = format == null ? "" : format.path("definition").asString("");
        if (format == null || grammar.isEmpty()) {
            return custom.description();
        }
        return (custom.description() == null ? "" : custom.description() + "\n\n")
                + "The text follows this grammar ("
                + format.path("syntax").asString("") + "):\n" + grammar;
    }

    /** The arguments of a call, as an object. */
    public static ObjectNode arguments(Part.ToolCall call) {
        return call.custom() ? Json.object().put(INPUT, call.arguments()) : Arguments.object(call.arguments());
    }

    /** The text that such a function was called with. */
    static String unwrapped(String arguments) {
        JsonNode input = Arguments.object(arguments).path(INPUT);
        return input.isString() ? input.stringValue() : arguments;
    }
}
