package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas that are several at once ({@code allOf}), for dialects that have no word for it. */
final class AllOf {

    /** What references are remembered by that were followed for what something is all of at once: what they are of may still stand inside. */
    private static final String ALL_OF = "allOf ";

    private AllOf() {}

    /**
     * A schema with what it is all of at once.
     *
     * @param root what references of the parts point into; nothing where they may stay
     * @param following the references that are followed already; those that are followed here are added
     * @param cut told of a part that is left out
     */
    static ObjectNode merged(ObjectNode object, JsonNode root, Set<String> following, Runnable cut) {
        if (!object.path("allOf").isArray()) {
            return object;
        }
        return merged(object, root, following, Set.copyOf(following), cut);
    }

    private static ObjectNode merged(
            ObjectNode object, JsonNode root, Set<String> following, Set<String> around, Runnable cut) {
        if (!object.path("allOf").isArray()) {
            return object;
        }
        ObjectNode merged = object.deepCopy();
        merged.remove("allOf");
        for (JsonNode said : object.path("allOf")) {
            JsonNode part = said;
            JsonNode there = target(part, root);
            String reference = ALL_OF + part.path("$ref").asString("");
            while (there.isObject() && following.add(reference)) {
                part = there;
                there = target(part, root);
                reference = ALL_OF + part.path("$ref").asString("");
            }
            if (there.isObject()) {
                if (around.contains(reference)) {
                    cut.run(); // it is inside itself, or else it is there already
                }
                continue;
            }
            if (!(part instanceof ObjectNode whole)) {
                continue;
            }
            merged(whole, root, following, around, cut)
                    .properties()
                    .forEach(field -> add(merged, field.getKey(), field.getValue(), cut));
        }
        return merged;
    }

    private static void add(ObjectNode merged, String name, JsonNode value, Runnable cut) {
        JsonNode known = merged.get(name);
        if (known instanceof ObjectNode properties && value instanceof ObjectNode more) {
            properties.setAll(more.deepCopy());
        } else if (known instanceof ArrayNode list && value instanceof ArrayNode more) {
            list.addAll(more);
        } else if (known == null) {
            // others may be of the same
            merged.set(name, value.deepCopy());
        } else if (name.equals("$ref") && !known.equals(value)) {
            cut.run(); // one can stand there
        }
    }

    private static JsonNode target(JsonNode part, JsonNode root) {
        String reference = part.path("$ref").asString("");
        return reference.startsWith("#/") ? root.at(reference.substring(1)) : Json.nothing();
    }
}
