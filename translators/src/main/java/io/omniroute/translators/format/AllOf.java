package io.omniroute.translators.format;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas that are several at once ({@code allOf}), for dialects that have no word for it. */
final class AllOf {

    private AllOf() {}

    /**
     * A schema with what it is all of at once, references as they are.
     *
     * @param cut told of a part that is left out
     */
    static ObjectNode merged(ObjectNode object, Runnable cut) {
        if (!object.path("allOf").isArray()) {
            return object;
        }
        ObjectNode merged = object.deepCopy();
        merged.remove("allOf");
        for (JsonNode part : object.path("allOf")) {
            if (part instanceof ObjectNode whole) {
                // others may be of the same
                merged(whole.deepCopy(), cut)
                        .properties()
                        .forEach(field -> add(merged, field.getKey(), field.getValue(), cut));
            }
        }
        return merged;
    }

    /** Adds what another part says under a name; of what can be said once, the first word stays. */
    static void add(ObjectNode merged, String name, JsonNode value, Runnable cut) {
        JsonNode known = merged.get(name);
        if (known instanceof ObjectNode properties && value instanceof ObjectNode more) {
            properties.setAll(more);
        } else if (known instanceof ArrayNode list && value instanceof ArrayNode more) {
            list.addAll(more);
        } else if (known == null) {
            merged.set(name, value);
        } else if (name.equals("$ref") && !known.equals(value)) {
            cut.run(); // one can stand there
        }
    }
}
