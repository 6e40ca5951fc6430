package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema as OpenAI takes it of functions: what others leave out where it says nothing, the properties of an object without any
 * and the items of a list of anything, must be there.
 */
public final class OpenAiSchemas {

    private static final Set<String> NOT_AT_ROOT = Set.of("anyOf", "oneOf", "allOf", "not", "enum");
    private static final int MOST_REFERENCES = 8;
    private static final Pattern LOOKAROUND = Pattern.compile("\\(\\?<?[=!]");

    /** By which a schema says what it is of. */
    private static final Set<String> SAYS = Set.of("type", "anyOf", "oneOf", "enum", "const", "$ref");

    private OpenAiSchemas() {}

    /** The same schema with nothing left out, and nothing at its root but an object; itself if it is so. */
    public static @Nullable JsonNode ofFunction(@Nullable JsonNode schema, String name, Losses losses) {
        if (!(schema instanceof ObjectNode given)) {
            return schema;
        }
        FunctionSchemas schemas = new FunctionSchemas(losses, "tools." + name);
        ObjectNode object = withoutLookaround(
                schemas.modern(schemas.plainRoot(ofObject(given), NOT_AT_ROOT), false), "tools." + name, losses);
        boolean bare = isOf(object, "object") && !object.has("properties");
        if (!bare && !lacksItems(object)) {
            return object;
        }
        ObjectNode whole = object.deepCopy();
        if (bare) {
            whole.putObject("properties");
        }
        addItems(whole);
        return whole;
    }

    /** What an answer follows, without patterns that are refused. */
    public static JsonNode ofAnswer(JsonNode schema, String path, Losses losses) {
        return schema instanceof ObjectNode object ? withoutLookaround(ofAnswer(object), path, losses) : schema;
    }

    /** Patterns that look around are refused with all that they are in; the model is told of them in words. */
    public static ObjectNode withoutLookaround(ObjectNode schema, String path, Losses losses) {
        if (!looksAround(schema)) {
            return schema;
        }
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        ObjectNode plain = schema.deepCopy();
        tell(plain);
        return plain;
    }

    private static boolean looksAround(JsonNode node) {
        if (isLookaround(node.path("pattern"))) {
            return true;
        }
        for (JsonNode inner : node) {
            if (inner.isContainer() && looksAround(inner)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLookaround(JsonNode pattern) {
        return pattern.isString() && LOOKAROUND.matcher(pattern.stringValue()).find();
    }

    private static void tell(JsonNode node) {
        if (node instanceof ObjectNode schema && isLookaround(schema.path("pattern"))) {
            String pattern = schema.remove("pattern").stringValue();
            String description = schema.path("description").asString("");
            schema.put("description", (description.isEmpty() ? "" : description + "\n\n") + "Pattern: " + pattern);
        }
        node.forEach(OpenAiSchemas::tell);
    }

    /** What an answer is says so where it stands, if it is an object. */
    private static ObjectNode ofAnswer(ObjectNode schema) {
        ObjectNode root = resolved(schema);
        return SAYS.stream().anyMatch(root::has) ? root : root.deepCopy().put("type", "object");
    }

    /** What a function takes is an object, and says so where it stands: neither by a reference alone nor by keeping silent. */
    private static ObjectNode ofObject(ObjectNode schema) {
        ObjectNode root = resolved(schema);
        return root.has("type") ? root : root.deepCopy().put("type", "object");
    }

    /** A schema whose root is no reference. */
    static ObjectNode resolved(ObjectNode schema) {
        ObjectNode root = schema;
        for (int i = 0;
                i < MOST_REFERENCES && !root.has("type") && root.path("$ref").isString();
                i++) {
            String reference = root.path("$ref").stringValue();
            if (!reference.startsWith("#/") || !(Json.at(schema, reference) instanceof ObjectNode meant)) {
                break;
            }
            ObjectNode whole = root.deepCopy();
            whole.remove("$ref");
            meant.properties().stream()
                    .filter(field -> !whole.has(field.getKey()))
                    .toList()
                    .forEach(field -> whole.set(field.getKey(), field.getValue()));
            root = whole;
        }
        return root;
    }

    private static boolean lacksItems(JsonNode node) {
        return FunctionSchemas.any(node, OpenAiSchemas::isBareList);
    }

    private static void addItems(JsonNode node) {
        if (node instanceof ObjectNode schema && isBareList(schema)) {
            schema.set("items", Json.object());
        }
        FunctionSchemas.inside(node).forEach(OpenAiSchemas::addItems);
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
