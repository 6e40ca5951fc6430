package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema as OpenAI takes it of functions: what others leave out where it says nothing, the properties of an object without any
 * and the items of a list of anything, must be there.
 */
public final class OpenAiSchemas {

    private OpenAiSchemas() {}

    /** The same schema with nothing left out; itself if nothing is. */
    public static @Nullable JsonNode ofFunction(@Nullable JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        boolean bare = isOf(object, "object") && !object.has("properties");
        if (!bare && !lacksItems(object)) {
            return schema;
        }
        ObjectNode whole = object.deepCopy();
        if (bare) {
            whole.putObject("properties");
        }
        addItems(whole);
        return whole;
    }

    private static boolean lacksItems(JsonNode node) {
        return (node instanceof ObjectNode schema && isBareList(schema))
                || node.values().stream().anyMatch(OpenAiSchemas::lacksItems);
    }

    private static void addItems(JsonNode node) {
        if (node instanceof ObjectNode schema && isBareList(schema)) {
            schema.set("items", Json.object());
        }
        node.values().forEach(OpenAiSchemas::addItems);
    }

    private static boolean isBareList(ObjectNode schema) {
        return isOf(schema, "array") && !schema.has("items") && !schema.has("prefixItems");
    }

    private static boolean isOf(ObjectNode schema, String type) {
        JsonNode said = schema.path("type");
        return said.asString("").equals(type)
                || (said instanceof ArrayNode several
                        && several.values().stream()
                                .anyMatch(one -> one.asString("").equals(type)));
    }
}
