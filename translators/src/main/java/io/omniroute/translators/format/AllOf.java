package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas that are several at once ({@code allOf}), for dialects that have no word for it. */
final class AllOf {

    /** What describes and demands nothing. */
    private static final Set<String> WORDS =
            Set.of("title", "description", "default", "example", "examples", "$comment");

    static final int MOST_PARTS = 100;

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
        int parts = 0;
        for (JsonNode part : object.path("allOf")) {
            if (++parts > MOST_PARTS) {
                cut.run();
                break;
            }
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
        if (known == null) {
            merged.set(name, value);
        } else if (known.equals(value)) {
            return;
        } else if (known instanceof ObjectNode properties && value instanceof ObjectNode more) {
            more.properties().forEach(property -> also(properties, property.getKey(), property.getValue(), cut));
        } else if (known instanceof ArrayNode list && value instanceof ArrayNode more) {
            merged.set(name, name.equals("enum") ? both(list, more) : either(list, more));
        } else if (!WORDS.contains(name)) {
            cut.run(); // one can stand there
        }
    }

    /** A property that two parts speak of: the first word stays, and whatever else is said about it there is added. */
    private static void also(ObjectNode properties, String name, JsonNode value, Runnable cut) {
        JsonNode known = properties.get(name);
        if (known instanceof ObjectNode first && value instanceof ObjectNode more) {
            ObjectNode whole = first.deepCopy();
            more.properties()
                    .forEach(word -> add(whole, word.getKey(), word.getValue().deepCopy(), cut));
            properties.set(name, whole);
        } else if (known == null) {
            properties.set(name, value);
        }
    }

    /** Values that two parts allow. */
    private static ArrayNode both(ArrayNode one, ArrayNode other) {
        Set<String> allowed = new HashSet<>();
        other.forEach(value -> allowed.add(Json.text(value)));
        ArrayNode both = Json.array();
        one.forEach(value -> {
            if (allowed.contains(Json.text(value))) {
                both.add(value);
            }
        });
        return both.isEmpty() ? one : both;
    }

    /** What at least one of two parts lists, each once. */
    private static ArrayNode either(ArrayNode one, ArrayNode other) {
        Set<String> all = new HashSet<>();
        ArrayNode either = Json.array();
        for (ArrayNode list : List.of(one, other)) {
            list.forEach(value -> {
                if (all.add(Json.text(value))) {
                    either.add(value);
                }
            });
        }
        return either;
    }
}
