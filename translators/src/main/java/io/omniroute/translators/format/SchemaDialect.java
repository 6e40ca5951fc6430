package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema as Anthropic, which knows only part of it, can follow it. What a dialect cannot say is told to the model in the
 * description, as Anthropic's own SDK does, and noted as a loss.
 */
public final class SchemaDialect {

    private static final Set<String> ANTHROPIC_UNKNOWN = Set.of(
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
            "prefixItems",
            "contains",
            "dependentRequired",
            "dependentSchemas",
            "not",
            "if",
            "then",
            "else");

    private static final Set<String> ANTHROPIC_NOT_AT_ROOT = Set.of("anyOf", "oneOf", "allOf");

    private static final Set<String> ANTHROPIC_FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    private static final Pattern NOT_PLAIN = Pattern.compile("\\(\\?<?[=!]|\\\\[bB1-9]|\\\\k<");

    /** What may stand beside a reference without changing what it means. */
    private static final Set<String> BESIDE = Set.of(
            "$ref",
            "allOf",
            "description",
            "title",
            "default",
            "example",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "$defs",
            "definitions",
            "$schema");

    private static final int MOST_INSIDE = 128;

    private SchemaDialect() {}

    /** For Anthropic's structured output: closed objects, no bounds on numbers, lengths or counts, and no reference at the root. */
    public static JsonNode anthropic(JsonNode schema, Losses losses, String path) {
        return closed(withoutRootReference(referring(schema)), losses, path);
    }

    /** For what a function of Anthropic's takes, without being held to it: the root is an object alone, and no draft is older than the vendor's. */
    public static ObjectNode anthropicFunction(ObjectNode schema, Losses losses, String path) {
        FunctionSchemas schemas = new FunctionSchemas(losses, path);
        ObjectNode plain = schemas.modern(schemas.plainRoot(schema, ANTHROPIC_NOT_AT_ROOT), true);
        return plain.has("type") ? plain : plain.deepCopy().put("type", "object");
    }

    private static JsonNode withoutRootReference(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (!reference.startsWith("#/") || !(Json.at(schema, reference) instanceof ObjectNode root)) {
            return schema;
        }
        ObjectNode merged = root.deepCopy();
        schema.properties().stream()
                .filter(field -> !field.getKey().equals("$ref") && !merged.has(field.getKey()))
                .forEach(field -> merged.set(field.getKey(), field.getValue()));
        return merged;
    }

    /** Older generators put a reference that has words of its own into a list; what says more than that stays as it is. */
    private static JsonNode referring(JsonNode schema) {
        JsonNode only = schema.path("allOf");
        boolean alone = only.size() == 1
                && only.path(0).propertyStream().allMatch(field -> BESIDE.contains(field.getKey()))
                && refers(only)
                && schema.propertyStream().allMatch(field -> BESIDE.contains(field.getKey()));
        if (!alone) {
            return schema;
        }
        ObjectNode plain = ((ObjectNode) schema).deepCopy();
        plain.remove("allOf");
        return plain.set("$ref", only.path(0).path("$ref"));
    }

    private static JsonNode closed(JsonNode given, Losses losses, String path) {
        if (!(referring(given) instanceof ObjectNode object)) {
            return given;
        }
        ObjectNode result = Json.object();
        ObjectNode lost = Json.object();
        if (object.path("$ref").isString() && object.size() > 1) {
            // a reference must stand alone, but for what it refers to
            losses.add(Loss.Code.SCHEMA_WEAKENED, path);
            result.set("$ref", object.get("$ref"));
            for (String definitions : List.of("$defs", "definitions")) {
                if (object.has(definitions)) {
                    result.set(
                            definitions,
                            nested(definitions, object.get(definitions), inner -> closed(inner, losses, path)));
                }
            }
            return result;
        }
        for (Map.Entry<String, JsonNode> keyword : object.properties()) {
            String name = keyword.getKey();
            JsonNode value = keyword.getValue();
            boolean unknown = ANTHROPIC_UNKNOWN.contains(name)
                    || (name.equals("minItems") && value.asInt(0) > 1)
                    || (name.equals("pattern") && !isPlain(value.asString("")))
                    || (name.equals("allOf") && refers(value))
                    || (name.equals("additionalProperties") && !isNo(value))
                    || (name.equals("format") && !ANTHROPIC_FORMATS.contains(value.asString("")));
            if (unknown) {
                lost.set(name, value);
            } else {
                result.set(
                        name.equals("oneOf") ? "anyOf" : name,
                        nested(name, value, inner -> closed(inner, losses, path)));
            }
        }
        if (result.has("properties") || "object".equals(result.path("type").asString(""))) {
            result.put("additionalProperties", false);
        }
        if (!lost.isEmpty()) {
            losses.add(Loss.Code.SCHEMA_WEAKENED, path);
            String description = result.path("description").asString("");
            result.put("description", (description.isEmpty() ? "" : description + "\n\n") + Json.text(lost));
        }
        return result;
    }

    /** Whether a pattern has nothing in it that looks around, back or for the borders of words. */
    private static boolean isPlain(String pattern) {
        return !NOT_PLAIN.matcher(pattern).find();
    }

    private static boolean refers(JsonNode several) {
        return several.valueStream().anyMatch(one -> one.has("$ref"));
    }

    /** Whether a value is {@code false}. */
    static boolean isNo(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }

    /** Whether a schema refers to something that it is inside of, which Anthropic does not follow. */
    public static boolean isRecursive(JsonNode schema) {
        return refersTo(schema, schema, new HashSet<>(), new HashSet<>());
    }

    /**
     * Whether a way through the references leads back.
     *
     * @param inside the references on the way
     * @param harmless those that lead nowhere back, each looked at once
     */
    private static boolean refersTo(JsonNode root, JsonNode node, Set<String> inside, Set<String> harmless) {
        String name = node.path("$ref").asString("");
        if (name.equals("#") || inside.contains(name) || inside.size() > MOST_INSIDE) {
            return true; // what leads into itself further than anybody follows is as good as without end
        }
        if (name.startsWith("#/") && !harmless.contains(name)) {
            inside.add(name);
            boolean back = refersTo(root, Json.at(root, name), inside, harmless);
            inside.remove(name);
            harmless.add(name);
            if (back) {
                return true;
            }
        }
        return node.properties().stream()
                        .filter(field -> !field.getKey().equals("$defs")
                                && !field.getKey().equals("definitions"))
                        .anyMatch(field -> refersTo(root, field.getValue(), inside, harmless))
                || (node.isArray()
                        && node.valueStream().anyMatch(element -> refersTo(root, element, inside, harmless)));
    }

    /** A keyword's value with the schemas inside it converted. */
    static JsonNode nested(String name, JsonNode value, java.util.function.UnaryOperator<JsonNode> convert) {
        return switch (name) {
            case "properties", "$defs", "definitions", "patternProperties" -> {
                ObjectNode all = Json.object();
                value.properties().forEach(entry -> all.set(entry.getKey(), convert.apply(entry.getValue())));
                yield all;
            }
            case "anyOf", "oneOf", "allOf", "prefixItems" -> {
                ArrayNode all = Json.array();
                value.forEach(entry -> all.add(convert.apply(entry)));
                yield all;
            }
            case "items" -> value.isObject() ? convert.apply(value) : value;
            default -> value;
        };
    }
}
