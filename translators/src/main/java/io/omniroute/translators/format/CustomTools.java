package io.omniroute.translators.format;

import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools that take text, for formats whose tools all take JSON: functions of one text. */
public final class CustomTools {

    private static final String INPUT = "input";

    private CustomTools() {}

    /** The tool as a function. */
    public static Tool.Function asFunction(Tool.Custom custom, Losses losses) {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        if (custom.format() != null
                && !custom.format().path("type").asString("text").equals("text")) {
            losses.add(Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.format");
        }
        return new Tool.Function(custom.name(), custom.description(), schema, null, null, Extra.NONE);
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
