package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Loss;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema of what functions take, for vendors that refuse a whole request over one schema that they do not like: at its root they
 * want a plain object, and in it no words of older drafts.
 */
public final class FunctionSchemas {

    private static final String PREFIX = "prefixItems";
    private static final int MOST_BRANCHES = 200;
    /** Whose values are no schemas. */
    private static final Set<String> DATA = Set.of("default", "const", "enum", "examples", "example");
    /** Whose values have schemas by names. */
    private static final Set<String> BY_NAME =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

    private static final List<String> EXCLUSIVE = List.of("exclusiveMinimum", "exclusiveMaximum");

    private final Losses losses;
    private final String path;
    /** How many branches were looked at, of whatever is in them. */
    private int resolved;

    /** @param path where losses are */
    FunctionSchemas(Losses losses, String path) {
        this.losses = losses;
        this.path = path;
    }

    /** The schema without choices at its root, for a dialect whose functions take one object. */
    public static ObjectNode withoutChoices(ObjectNode schema, Losses losses, String path) {
        return new FunctionSchemas(losses, path).plainRoot(schema, Set.of("anyOf", "oneOf"));
    }

    /**
     * The schema without combinations at its root: the properties of all branches beside each other, those required that every branch
     * requires, and in the description what was said.
     *
     * @param refused the keywords that may not stand there
     * @return the same object where there is none
     */
    ObjectNode plainRoot(ObjectNode schema, Set<String> refused) {
        if (!hasAny(schema, refused)) {
            return schema;
        }
        ObjectNode lost = Json.object();
        refused.stream().filter(schema::has).sorted().forEach(name -> lost.set(name, schema.get(name)));
        ObjectNode plain = schema.deepCopy();
        plain.remove(refused);
        for (JsonNode part : lost.path("allOf")) {
            ObjectNode meant = resolved(part, schema);
            add(meant, plain);
            require(names(meant), plain);
        }
        Set<String> ofAll = new LinkedHashSet<>(plain.path("properties").propertyNames());
        for (String name : List.of("anyOf", "oneOf")) {
            Set<String> common = null;
            for (JsonNode branch : lost.path(name)) {
                ObjectNode meant = resolved(branch, schema);
                choose(meant, ofAll, plain);
                Set<String> required = names(meant);
                if (common == null) {
                    common = required;
                } else {
                    common.retainAll(required);
                }
            }
            require(common == null ? Set.of() : common, plain);
        }
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        String description = plain.path("description").asString("");
        return plain.put("description", (description.isEmpty() ? "" : description + "\n\n") + Json.text(lost));
    }

    /**
     * What a branch means: what it refers to, with all its own parts together. What refers to itself again and again means nothing more
     * after a while.
     */
    private ObjectNode resolved(JsonNode branch, ObjectNode root) {
        ObjectNode meant = Json.object();
        if (++resolved > MOST_BRANCHES) {
            return meant;
        }
        String reference = branch.path("$ref").asString("");
        if (reference.startsWith("#/")) {
            ObjectNode there = resolved(Json.at(root, reference), root);
            add(there, meant);
            require(names(there), meant);
        }
        add(branch, meant);
        require(names(branch), meant);
        for (JsonNode part : branch.path("allOf")) {
            ObjectNode inner = resolved(part, root);
            add(inner, meant);
            require(names(inner), meant);
        }
        return meant;
    }

    private static void add(JsonNode part, ObjectNode to) {
        part.path("properties").properties().forEach(property -> {
            ObjectNode properties = to.withObject("properties");
            if (!properties.has(property.getKey())) {
                properties.set(property.getKey(), property.getValue());
            }
        });
    }

    /** What two branches say of the same property may be either. */
    private static void choose(ObjectNode branch, Set<String> ofAll, ObjectNode to) {
        branch.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            ObjectNode properties = to.withObject("properties");
            JsonNode known = properties.get(name);
            if (known == null) {
                properties.set(name, property.getValue());
            } else if (!ofAll.contains(name) && !known.equals(property.getValue())) {
                ArrayNode either = known.size() == 1 && known.path("anyOf") instanceof ArrayNode several
                        ? Json.array().addAll(several)
                        : Json.array().add(known);
                if (either.valueStream().noneMatch(property.getValue()::equals)) {
                    either.add(property.getValue());
                }
                properties.set(name, Json.object().set("anyOf", either));
            }
        });
    }

    private static Set<String> names(JsonNode part) {
        Set<String> names = new LinkedHashSet<>();
        part.path("required").forEach(name -> names.add(name.asString("")));
        return names;
    }

    private static void require(Set<String> names, ObjectNode to) {
        Set<String> known = names(to);
        for (String name : names) {
            if (known.add(name)) {
                to.withArray("required").add(name);
            }
        }
    }

    /**
     * The schema in the words of the draft of 2020-12.
     *
     * @param tuples whether lists may say what stands where
     * @return the same object where it is so already
     */
    ObjectNode modern(ObjectNode schema, boolean tuples) {
        if (!isOld(schema, tuples)) {
            return schema;
        }
        ObjectNode copy = schema.deepCopy();
        modernise(copy, tuples);
        return copy;
    }

    private static boolean isOld(JsonNode node, boolean tuples) {
        return any(
                node,
                schema -> schema.path("items").isArray()
                        || (!tuples && schema.path(PREFIX).isArray())
                        || schema.path("exclusiveMinimum").isBoolean()
                        || schema.path("exclusiveMaximum").isBoolean());
    }

    private static boolean hasAny(ObjectNode schema, Set<String> names) {
        for (String name : names) {
            if (schema.has(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a schema, or one that stands in it, is of some kind. */
    static boolean any(JsonNode node, Predicate<ObjectNode> kind) {
        if (!(node instanceof ObjectNode schema)) {
            return false;
        }
        if (kind.test(schema)) {
            return true;
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            JsonNode value = keyword.getValue();
            if (!value.isContainer() || DATA.contains(keyword.getKey())) {
                continue;
            }
            if (BY_NAME.contains(keyword.getKey()) || value.isArray()) {
                for (JsonNode inner : value) {
                    if (any(inner, kind)) {
                        return true;
                    }
                }
            } else if (any(value, kind)) {
                return true;
            }
        }
        return false;
    }

    private void modernise(JsonNode node, boolean tuples) {
        if (node instanceof ObjectNode schema) {
            for (String exclusive : EXCLUSIVE) {
                JsonNode said = schema.path(exclusive);
                if (said.isBoolean()) {
                    String bound = exclusive.equals("exclusiveMinimum") ? "minimum" : "maximum";
                    schema.remove(exclusive);
                    if (said.booleanValue() && schema.has(bound)) {
                        schema.set(exclusive, schema.remove(bound));
                    }
                }
            }
            if (schema.path("items") instanceof ArrayNode items) {
                tuple(schema, items, tuples);
            } else if (!tuples && schema.path(PREFIX) instanceof ArrayNode items) {
                schema.remove(PREFIX);
                if (schema.path("items").isObject()) {
                    items.add(schema.get("items"));
                }
                tuple(schema, items, false);
            }
        }
        inside(node).forEach(inner -> modernise(inner, tuples));
    }

    /** The schema without a keyword, wherever it stands; the same object where it does not. */
    public static ObjectNode without(String keyword, ObjectNode schema) {
        if (!any(schema, one -> one.has(keyword))) {
            return schema;
        }
        ObjectNode copy = schema.deepCopy();
        remove(keyword, copy);
        return copy;
    }

    private static void remove(String keyword, JsonNode node) {
        if (node instanceof ObjectNode schema) {
            schema.remove(keyword);
        }
        inside(node).forEach(inner -> remove(keyword, inner));
    }

    /** The schemas that stand in a schema, and not the values that it speaks of. */
    static List<JsonNode> inside(JsonNode schema) {
        List<JsonNode> inside = new ArrayList<>();
        schema.properties().forEach(keyword -> {
            JsonNode value = keyword.getValue();
            if (DATA.contains(keyword.getKey())) {
                return;
            }
            if (BY_NAME.contains(keyword.getKey()) || value.isArray()) {
                value.values().stream().filter(JsonNode::isObject).forEach(inside::add);
            } else if (value.isObject()) {
                inside.add(value);
            }
        });
        return inside;
    }

    private void tuple(ObjectNode schema, ArrayNode items, boolean tuples) {
        JsonNode others = schema.remove("additionalItems");
        schema.remove("items");
        if (tuples) {
            if (!items.isEmpty()) {
                schema.set(PREFIX, items);
            }
            if (others != null) {
                schema.set("items", others);
            }
            return;
        }
        losses.add(Loss.Code.SCHEMA_WEAKENED, path);
        ObjectNode any = schema.putObject("items");
        if (!items.isEmpty()) {
            any.set("anyOf", items);
        }
    }
}
