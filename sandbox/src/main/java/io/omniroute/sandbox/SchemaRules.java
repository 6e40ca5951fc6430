package io.omniroute.sandbox;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which JSON Schemas vendors can make their models follow. */
final class SchemaRules {

    private static final Set<String> NOT_ANTHROPICS = Set.of(
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "maxItems",
            "oneOf");

    private SchemaRules() {}

    /** What OpenAI's strict mode refuses, or {@code null}. */
    static @Nullable String openAis(JsonNode schema) {
        JsonNode type = schema.path("type");
        boolean object = type.asString("").equals("object")
                || type.valueStream().anyMatch(one -> one.asString("").equals("object"));
        if (schema.isObject() && object) {
            if (schema.path("additionalProperties").asBoolean(true)) {
                return "'additionalProperties' is required to be supplied and to be false.";
            }
            Set<String> required = new HashSet<>();
            schema.path("required").forEach(name -> required.add(name.asString("")));
            for (String name : schema.path("properties").propertyNames()) {
                if (!required.contains(name)) {
                    return "'required' is required to be supplied and to be an array including every key in properties."
                            + " Missing '" + name + "'.";
                }
            }
        }
        return inside(schema, SchemaRules::openAis);
    }

    /** What Anthropic's structured output refuses, or {@code null}. */
    static @Nullable String anthropics(JsonNode schema) {
        return anthropics(schema, schema, Set.of());
    }

    private static @Nullable String anthropics(JsonNode root, JsonNode schema, Set<String> following) {
        for (String word : schema.propertyNames()) {
            if (NOT_ANTHROPICS.contains(word)) {
                return "For 'object' type, property '" + word + "' is not supported";
            }
        }
        if (schema.path("type").asString("").equals("object")
                && schema.path("additionalProperties").asBoolean(true)) {
            return "For 'object' type, 'additionalProperties' must be explicitly set to false";
        }
        String reference = schema.path("$ref").asString("");
        if (reference.startsWith("#")) {
            if (following.contains(reference) || reference.equals("#")) {
                return "Recursive schemas are not supported";
            }
            Set<String> deeper = new HashSet<>(following);
            deeper.add(reference);
            return anthropics(root, root.at(reference.substring(1)), deeper);
        }
        return inside(schema, inner -> anthropics(root, inner, following));
    }

    private static @Nullable String inside(
            JsonNode schema, java.util.function.Function<JsonNode, @Nullable String> check) {
        for (JsonNode property : schema.path("properties")) {
            String wrong = check.apply(property);
            if (wrong != null) {
                return wrong;
            }
        }
        for (JsonNode one : schema.path("anyOf")) {
            String wrong = check.apply(one);
            if (wrong != null) {
                return wrong;
            }
        }
        for (JsonNode one : schema.path("$defs")) {
            String wrong = check.apply(one);
            if (wrong != null) {
                return wrong;
            }
        }
        return schema.path("items").isObject() ? check.apply(schema.path("items")) : null;
    }
}
