package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Schema in the two forms that Google takes: Gemini's own type of schemas, and JSON Schema with some of its keywords. */
public final class GoogleSchemas {

    private static final Set<String> GOOGLE_KNOWN = Set.of(
            "$id",
            "$defs",
            "$ref",
            "$anchor",
            "type",
            "format",
            "title",
            "description",
            "enum",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minimum",
            "maximum",
            "anyOf",
            "oneOf",
            "properties",
            "additionalProperties",
            "required",
            "propertyOrdering");

    private static final Set<String> SAYS_NOTHING = Set.of("$schema", "$comment", "strict", "default", "examples");

    /** What is only said to whoever reads it. */
    private static final Set<String> WORDS = Set.of("title", "description");

    private GoogleSchemas() {}

    /** For Google's form of JSON Schema: references stand alone, and only the keywords that it knows. */
    public static JsonNode google(JsonNode schema, Losses losses, String path) {
        return google(schema, losses, path, new AtomicBoolean());
    }

    /** @param broken set where more than bounds and words is lost */
    public static JsonNode google(JsonNode schema, Losses losses, String path, AtomicBoolean broken) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode plain = AllOf.merged(object, () -> {
            losses.add(Loss.Code.SCHEMA_WEAKENED, path);
            broken.set(true);
        });
        boolean reference = plain.path("$ref").isString();
        ObjectNode result = Json.object();
        for (Map.Entry<String, JsonNode> keyword : plain.properties()) {
            String name = keyword.getKey();
            JsonNode value = keyword.getValue();
            if (name.equals("items") && value.isArray()) {
                result.set(
                        "prefixItems",
                        SchemaDialect.nested("prefixItems", value, inner -> google(inner, losses, path, broken)));
            } else if (name.equals("$ref")) {
                result.put(name, reference(value.asString(""), losses, path, broken));
            } else if (name.equals("definitions")) {
                result.withObject("$defs").setAll((ObjectNode)
                        SchemaDialect.nested(name, value, inner -> google(inner, losses, path, broken)));
            } else if (name.equals("nullable")) {
                if (value.asBoolean(false) && (reference || !takesNull(plain.path("type"), result))) {
                    losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                    broken.set(true);
                }
            } else if (name.equals("const") && reference) {
                losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                broken.set(true);
            } else if (name.equals("const")) {
                result.putArray("enum").add(value);
            } else if (name.equals("type") && result.path("type").isArray()) {
                continue; // said with that it may be null
            } else if (GOOGLE_KNOWN.contains(name) && (!reference || name.startsWith("$"))) {
                result.set(
                        name,
                        name.equals("additionalProperties") && value.isObject()
                                ? google(value, losses, path, broken)
                                : SchemaDialect.nested(name, value, inner -> google(inner, losses, path, broken)));
            } else if (!SAYS_NOTHING.contains(name) && !(reference && WORDS.contains(name))) {
                losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                broken.compareAndSet(false, reference);
            }
        }
        return result;
    }

    /** What OpenAPI says in a word of its own is a second type here, where there is one. */
    private static boolean takesNull(JsonNode type, ObjectNode result) {
        if (type.isString()) {
            result.putArray("type").add(type).add("null");
        }
        return type.isString()
                || type.valueStream().anyMatch(one -> one.asString("").equals("null"));
    }

    /** What JSON Schema calls definitions has another name there. */
    private static String reference(String written, Losses losses, String path, AtomicBoolean broken) {
        String own = written.replace("#/definitions/", "#/$defs/");
        if (!own.equals("#") && !own.startsWith("#/$defs/")) {
            losses.add(Loss.Code.SCHEMA_WEAKENED, path);
            broken.set(true);
        }
        return own;
    }

    /** For Gemini's own schema type: no references, no unions of types, only the keywords that it knows. */
    public static JsonNode gemini(JsonNode schema, Losses losses, String path) {
        return gemini(schema, losses, path, new AtomicBoolean());
    }

    /** @param retyped set where values get another type than they had */
    public static JsonNode gemini(JsonNode schema, Losses losses, String path, AtomicBoolean retyped) {
        return gemini(schema, losses, path, retyped, new AtomicInteger());
    }

    /**
     * @param retyped set where values get another type than they had
     * @param all how much was written of all schemas of a request
     */
    public static JsonNode gemini(
            JsonNode schema, Losses losses, String path, AtomicBoolean retyped, AtomicInteger all) {
        return new GeminiDialect(schema, losses, path, new SchemaSize(all), retyped).convert(schema, Set.of());
    }
}
