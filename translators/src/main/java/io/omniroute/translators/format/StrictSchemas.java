package io.omniroute.translators.format;

import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether OpenAI's formats can be asked to keep strictly to a schema: they refuse one whose objects are open or leave properties out,
 * where Anthropic and Google keep to it all the same.
 */
public final class StrictSchemas {

    private static final Set<String> UNKNOWN = Set.of(
            "allOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "contains",
            "minContains",
            "maxContains",
            "uniqueItems",
            "default",
            "minLength",
            "maxLength");

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid");

    /** One of these must be said of everything. */
    private static final Set<String> SAYING = Set.of("type", "anyOf", "$ref", "enum", "const");

    private StrictSchemas() {}

    /**
     * Whether a function is asked for strictly.
     *
     * @return as the client said where it speaks OpenAI's formats; {@code null} where nobody said anything
     */
    public static @Nullable Boolean ofFunction(
            ChatRequest request, @Nullable Boolean said, @Nullable JsonNode schema, Losses losses) {
        String client = request.extra().format();
        if (said == null) {
            return client.equals("openai-responses") && isStrict(schema) ? true : null;
        }
        if (!said || client.startsWith("openai-")) {
            return said;
        }
        if (!isStrict(schema)) {
            losses.add(Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.strict");
            return false;
        }
        return true;
    }

    /** Whether the answer is asked for strictly; clients of other formats always ask so. */
    public static @Nullable Boolean ofAnswer(
            ChatRequest request, @Nullable Boolean said, JsonNode schema, Losses losses) {
        if (said != null || request.extra().format().startsWith("openai-")) {
            return said;
        }
        if (!isStrict(schema)) {
            losses.add(Loss.Code.SCHEMA_WEAKENED, "output.strict");
            return false;
        }
        return true;
    }

    /** Whether it is a schema that OpenAI follows strictly: of an object, closed, complete, and without what it does not know. */
    static boolean isStrict(@Nullable JsonNode schema) {
        return schema != null && schema.path("type").asString("").equals("object") && isClosed(schema);
    }

    private static boolean isClosed(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return !schema.isBoolean();
        }
        if (SAYING.stream().noneMatch(object::has)
                || (object.has("$ref") && object.size() > 1)
                || (hasType(object, "array") && !object.has("items"))) {
            return false;
        }
        JsonNode properties = object.path("properties");
        boolean isObject = properties.isObject() || hasType(object, "object");
        if (isObject && !isComplete(object, properties)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> keyword : object.properties()) {
            boolean closed = switch (keyword.getKey()) {
                case "properties", "$defs", "definitions" ->
                    keyword.getValue().values().stream().allMatch(StrictSchemas::isClosed);
                case "anyOf" -> keyword.getValue().values().stream().allMatch(StrictSchemas::isClosed);
                case "format" -> FORMATS.contains(keyword.getValue().asString(""));
                case "items" -> isClosed(keyword.getValue());
                default -> !UNKNOWN.contains(keyword.getKey());
            };
            if (!closed) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasType(ObjectNode schema, String name) {
        JsonNode type = schema.path("type");
        return type.asString("").equals(name)
                || (type.isArray()
                        && type.values().stream()
                                .anyMatch(one -> one.asString("").equals(name)));
    }

    private static boolean isComplete(ObjectNode object, JsonNode properties) {
        JsonNode open = object.path("additionalProperties");
        if (!open.isBoolean() || open.booleanValue()) {
            return false;
        }
        Set<String> required = new HashSet<>();
        object.path("required").forEach(name -> required.add(name.asString("")));
        return properties.propertyStream().allMatch(property -> required.contains(property.getKey()));
    }
}
