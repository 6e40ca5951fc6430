package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's own type of schemas: no references, no unions of types, only the keywords that it knows.
 *
 * @param root what references point into
 * @param path where losses are
 * @param size how much was written so far behind references
 * @param retyped set where values get another type than they had
 */
record GeminiDialect(JsonNode root, Losses losses, String path, SchemaSize size, AtomicBoolean retyped) {

    private static final Set<String> GEMINI_KNOWN = Set.of(
            "type",
            "format",
            "title",
            "description",
            "nullable",
            "enum",
            "items",
            "maxItems",
            "minItems",
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "anyOf",
            "propertyOrdering",
            "default");

    private static final Set<String> GEMINI_FORMATS = Set.of("enum", "date-time", "int32", "int64", "float", "double");

    /** How many references lead into one another at most. */
    private static final int MOST_FOLLOWED = 64;

    /** What references are remembered by that were followed for what something is all of at once: what they are of may still stand inside. */
    private static final String ALL_OF = "allOf ";

    JsonNode convert(JsonNode schema, Set<String> following) {
        boolean again = !following.isEmpty();
        if ((again && !size.hasRoom()) || !(schema instanceof ObjectNode object)) {
            retype();
            return Json.object().put("type", "object");
        }
        JsonNode reference = object.get("$ref");
        if (reference != null && reference.isString()) {
            return follow(reference.stringValue(), object, following);
        }
        ObjectNode result = Json.object();
        fill(object, result, following);
        return completed(result);
    }

    /** Says in the result what a schema says, and what it is all of at once; each of those follows references of its own. */
    private void fill(ObjectNode object, ObjectNode result, Set<String> following) {
        for (Map.Entry<String, JsonNode> keyword : object.properties()) {
            if (!keyword.getKey().equals("allOf")) {
                put(keyword.getKey(), keyword.getValue(), result, following);
            }
        }
        int parts = 0;
        for (JsonNode said : object.path("allOf")) {
            if (++parts > AllOf.MOST_PARTS) {
                retype();
                break;
            }
            Set<String> deeper = new HashSet<>(following);
            JsonNode part = referred(said, deeper);
            if (part instanceof ObjectNode whole && size.hasRoom()) {
                ObjectNode more = Json.object();
                fill(whole, more, deeper);
                more.properties().forEach(field -> AllOf.add(result, field.getKey(), field.getValue(), this::retype));
            } else if (!part.isBoolean()) {
                retype();
            }
        }
    }

    /** What a part says at the end of its references; nothing if it is inside itself. */
    private JsonNode referred(JsonNode part, Set<String> following) {
        JsonNode here = part;
        String reference = here.path("$ref").asString("");
        while (reference.startsWith("#/")) {
            if (!following.add(ALL_OF + reference) || following.size() > MOST_FOLLOWED) {
                return Json.nothing();
            }
            here = Json.at(root, reference);
            reference = here.path("$ref").asString("");
        }
        return here;
    }

    private void retype() {
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        retyped.set(true);
    }

    private JsonNode follow(String reference, ObjectNode from, Set<String> following) {
        JsonNode target = reference.equals("#") || reference.startsWith("#/") ? Json.at(root, reference) : null;
        if (target == null
                || target.isMissingNode()
                || following.contains(reference)
                || following.size() > MOST_FOLLOWED) {
            retype();
            return Json.object().put("type", "object");
        }
        Set<String> deeper = new HashSet<>(following);
        deeper.add(reference);
        JsonNode converted = convert(target, deeper);
        if (converted instanceof ObjectNode object && from.path("description").isString()) {
            object.set("description", from.get("description"));
        }
        return converted;
    }

    private void put(String name, JsonNode value, ObjectNode result, Set<String> following) {
        switch (name) {
            case "type" -> type(value, result);
            case "const" -> {
                if (!value.isString()) {
                    retype();
                }
                result.putArray("enum").add(value.isValueNode() ? value.asString() : Json.text(value));
                if (!result.has("type")) {
                    result.put("type", "string");
                }
            }
            case "enum" -> {
                if (!following.isEmpty()) {
                    size.add(value);
                }
                values(value, result);
            }
            case "oneOf", "anyOf" -> union(value, result, following);
            case "format" -> {
                if (GEMINI_FORMATS.contains(value.asString(""))) {
                    result.set("format", value);
                } else {
                    losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                }
            }
            case "additionalProperties" -> {
                // an object without others is what Gemini makes anyway
                if (!SchemaDialect.isNo(value)) {
                    losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                }
            }
            case "exclusiveMinimum" -> bound("minimum", value, result);
            case "exclusiveMaximum" -> bound("maximum", value, result);
            case "$schema", "$id", "$defs", "definitions", "$comment", "strict" -> {
                // says nothing about a value, or nothing that Gemini could follow
            }
            case "items", "prefixItems" -> items(value, result, following);
            default -> {
                if (GEMINI_KNOWN.contains(name)) {
                    if (!following.isEmpty() && !name.equals("properties")) {
                        size.add(value);
                    }
                    JsonNode written = SchemaDialect.nested(name, value, inner -> convert(inner, following));
                    // another part may add to a list
                    result.set(name, written.isArray() ? written.deepCopy() : written);
                } else {
                    losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                }
            }
        }
    }

    /** A list of which each place has a schema of its own becomes one of all of them. */
    private void items(JsonNode value, ObjectNode result, Set<String> following) {
        if (!value.isArray() && !value.isObject()) {
            return; // whether there is more says nothing of what it is
        }
        if (value.isObject()) {
            result.set("items", SchemaDialect.nested("items", value, inner -> convert(inner, following)));
            return;
        }
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        ObjectNode any = Json.object();
        union(value, any, following);
        if (!any.isEmpty()) {
            result.set("items", any);
        }
    }

    private void bound(String name, JsonNode value, ObjectNode result) {
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        if (value.isNumber()) {
            result.set(name, value);
        }
    }

    private static void type(JsonNode value, ObjectNode result) {
        if (!value.isArray()) {
            result.set("type", value);
            return;
        }
        List<JsonNode> types = value.values().stream()
                .filter(type -> !type.asString("").equals("null"))
                .toList();
        if (types.size() < value.size()) {
            result.put("nullable", true);
        }
        if (types.size() == 1) {
            result.set("type", types.getFirst());
        } else {
            ArrayNode any = result.putArray("anyOf");
            types.forEach(type -> any.addObject().set("type", type));
        }
    }

    private void values(JsonNode value, ObjectNode result) {
        ArrayNode texts = Json.array();
        value.forEach(entry -> {
            if (entry.isString() && entry.stringValue().isEmpty()) {
                losses.add(Loss.Code.SCHEMA_WEAKENED, path); // which Gemini does not know
            } else if (entry.isString()) {
                texts.add(entry);
            } else if (entry.isNull()) {
                result.put("nullable", true);
            } else {
                retype();
                texts.add(entry.isValueNode() ? entry.asString() : Json.text(entry));
            }
        });
        if (!texts.isEmpty()) {
            result.set("enum", texts);
        }
        result.put("type", "string");
    }

    private void union(JsonNode value, ObjectNode result, Set<String> following) {
        ArrayNode any = Json.array();
        value.forEach(entry -> {
            if (entry.path("type").asString("").equals("null")) {
                result.put("nullable", true);
            } else {
                any.add(convert(entry, following));
            }
        });
        if (any.size() == 1 && any.get(0) instanceof ObjectNode only) {
            only.properties().forEach(field -> result.set(field.getKey(), field.getValue()));
        } else if (!any.isEmpty()) {
            result.set("anyOf", any);
        }
    }

    private static final Set<String> STRUCTURE = Set.of("type", "properties", "items", "enum");

    /** A choice must be all that a schema says; what else it says is said by each branch, as far as that can be. */
    private ObjectNode choiceAlone(ObjectNode result) {
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        ArrayNode branches = Json.array();
        for (JsonNode branch : result.path("anyOf")) {
            branches.add(with(result, ((ObjectNode) branch).deepCopy()));
        }
        ObjectNode alone = Json.object();
        alone.set("anyOf", branches);
        return alone;
    }

    private static ObjectNode with(ObjectNode outer, ObjectNode branch) {
        if (branch.path("anyOf") instanceof ArrayNode inner && !inner.isEmpty()) {
            inner.forEach(one -> with(outer, (ObjectNode) one));
            return branch;
        }
        for (String said : List.of("nullable", "description")) {
            if (outer.has(said) && !branch.has(said)) {
                branch.set(said, outer.get(said));
            }
        }
        return branch;
    }

    private ObjectNode completed(ObjectNode result) {
        if (result.path("required") instanceof ArrayNode required) {
            // Gemini refuses names that are not among the properties
            List<JsonNode> known = required.values().stream()
                    .filter(name -> result.path("properties").has(name.asString("")))
                    .toList();
            if (known.size() < required.size()) {
                losses.add(Loss.Code.SCHEMA_WEAKENED, path);
                result.remove("required");
            }
            if (known.size() < required.size() && !known.isEmpty()) {
                result.putArray("required").addAll(known);
            }
        }
        if (result.has("enum")) {
            result.put("type", "string");
            result.remove("format");
        }
        if (result.has("items") && !result.path("items").isObject()) {
            result.remove("items");
        }
        if (result.path("anyOf").isEmpty()) {
            result.remove("anyOf");
        }
        if (result.has("anyOf") && STRUCTURE.stream().anyMatch(result::has)) {
            // what the branches say of it, such as which of its properties must be there, has no place beside it
            losses.add(Loss.Code.SCHEMA_WEAKENED, path);
            result.remove("anyOf");
        }
        if (result.has("anyOf") && result.size() > 1) {
            return choiceAlone(result);
        }
        String type = result.path("type").asString("");
        if (type.equals("array") && !result.has("items")) {
            retype(); // there may be anything in it
            result.putObject("items").put("type", "string");
        }
        if (type.isEmpty() && !result.has("anyOf")) {
            if (STRUCTURE.stream().noneMatch(result::has)) {
                retype(); // it may be anything
            }
            result.put("type", result.has("items") ? "array" : result.has("enum") ? "string" : "object");
        }
        Map<String, JsonNode> kept = new LinkedHashMap<>();
        result.properties().forEach(field -> kept.put(field.getKey(), field.getValue()));
        return Json.object(kept);
    }
}
