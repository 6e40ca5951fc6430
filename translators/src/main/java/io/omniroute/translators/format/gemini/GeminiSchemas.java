package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Google's own schema type as everyone else's JSON Schema: types in small letters, {@code nullable} as one more type, counts as numbers,
 * and properties in the order that {@code propertyOrdering} asks for.
 */
final class GeminiSchemas {

    private static final Set<String> COUNTERS =
            Set.of("maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties");
    /** What says something only to Google, or is said in another way. */
    private static final Set<String> OWN = Set.of("nullable", "propertyOrdering", "property_ordering", "example");

    /** Formats that say no more than the type does. */
    private static final Set<String> FORMATS = Set.of("int32", "int64", "float", "double", "enum");
    /** By the numbers of Google's enumeration. */
    private static final List<String> TYPES =
            List.of("", "string", "number", "integer", "boolean", "array", "object", "null");

    private GeminiSchemas() {}

    /** As JSON Schema, with objects as open as JSON Schema has them. */
    static JsonNode jsonSchema(JsonNode schema) {
        return convert(schema, false);
    }

    /** As JSON Schema of an answer, whose objects have no other properties than those that are named. */
    static JsonNode closed(JsonNode schema) {
        return convert(schema, true);
    }

    private static JsonNode convert(JsonNode schema, boolean close) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode converted = Json.object();
        for (Map.Entry<String, JsonNode> keyword : object.properties()) {
            String name = keyword.getKey();
            JsonNode value = keyword.getValue();
            boolean unsaid = value.isNull() && !name.equals("default");
            if (unsaid || OWN.contains(name) || (name.equals("format") && FORMATS.contains(value.asString("")))) {
                continue;
            }
            converted.set(
                    name.equals("any_of") ? "anyOf" : name,
                    switch (name) {
                        case "type" -> type(value);
                        case "properties" -> properties(object, value, close);
                        case "items", "additionalProperties" -> convert(value, close);
                        case "anyOf", "any_of" -> all(value, close);
                        default -> COUNTERS.contains(name) ? count(value) : value;
                    });
        }
        if (close && converted.path("properties").isObject() && !converted.has("additionalProperties")) {
            converted.put("additionalProperties", false);
        }
        if (object.path("nullable").asBoolean(false)) {
            addNull(converted);
        }
        return converted;
    }

    private static ObjectNode properties(ObjectNode object, JsonNode properties, boolean close) {
        JsonNode order = object.hasNonNull("propertyOrdering")
                ? object.get("propertyOrdering")
                : object.path("property_ordering");
        List<String> first =
                order.values().stream().map(name -> name.asString("")).toList();
        ObjectNode converted = Json.object();
        Stream.concat(first.stream().filter(properties::has), properties.propertyNames().stream())
                .distinct()
                .forEach(name -> converted.set(name, convert(properties.get(name), close)));
        return converted;
    }

    private static JsonNode type(JsonNode value) {
        if (value instanceof ArrayNode several) {
            ArrayNode types = Json.array();
            several.forEach(one -> types.add(type(one)));
            return types;
        }
        if (value.isIntegralNumber()) {
            // Google's clients for REST write what others have words for as numbers
            int number = value.asInt(0);
            return number > 0 && number < TYPES.size() ? Json.string(TYPES.get(number)) : value;
        }
        return value.isString() ? Json.string(value.stringValue().toLowerCase(Locale.ROOT)) : value;
    }

    private static ArrayNode all(JsonNode schemas, boolean close) {
        ArrayNode converted = Json.array();
        schemas.forEach(schema -> converted.add(convert(schema, close)));
        return converted;
    }

    private static JsonNode count(JsonNode value) {
        return value.isString() && value.stringValue().matches("\\d{1,18}")
                ? Json.object().numberNode(Long.parseLong(value.stringValue()))
                : value;
    }

    private static void addNull(ObjectNode schema) {
        JsonNode type = schema.get("type");
        if (type != null && type.isString()) {
            schema.putArray("type").add(type).add("null");
        }
        if (schema.get("enum") instanceof ArrayNode values) {
            ArrayNode more = Json.array().addAll(values).addNull();
            schema.set("enum", more);
        }
        if (schema.get("anyOf") instanceof ArrayNode any) {
            any.addObject().put("type", "null");
        }
    }
}
