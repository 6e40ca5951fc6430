package io.omniroute.sandbox;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes a value that fits a JSON schema: the smallest one that has all properties. */
final class FromSchema {

    private FromSchema() {}

    static JsonNode value(JsonNode schema) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
            return schema.path("enum").get(0);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("anyOf").isArray() && !schema.path("anyOf").isEmpty()) {
            return value(schema.path("anyOf").get(0));
        }
        JsonNode type = schema.path("type");
        String name = type.isArray() ? type.get(0).asString("object") : type.asString("object");
        // Google writes the names of types in upper case
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "string" -> nodes.stringNode("sandbox");
            case "integer" -> nodes.numberNode(schema.path("minimum").asInt(42));
            // whole, because clients often say number and mean integer
            case "number" ->
                nodes.numberNode((long) Math.ceil(schema.path("minimum").asDouble(4)));
            case "boolean" -> nodes.booleanNode(true);
            case "null" -> nodes.nullNode();
            case "array" -> nodes.arrayNode().add(value(schema.path("items")));
            default -> object(schema);
        };
    }

    private static ObjectNode object(JsonNode schema) {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            object.set(property.getKey(), value(property.getValue()));
        }
        return object;
    }
}
