package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Google takes its fields in two spellings. */
final class GeminiSpelling {

    /** What the client has written in these, its own names in it included. */
    private static final Set<String> SCHEMAS = Set.of("responseSchema", "responseJsonSchema", "labels");

    private GeminiSpelling() {}

    /** The object with its names, and those inside it, in the spelling {@code likeThis}, and without what is {@code null}. */
    static JsonNode camel(JsonNode written) {
        if (!(written instanceof ObjectNode object)) {
            return written;
        }
        ObjectNode camel = Json.object();
        object.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                return; // nor does it take back what the other spelling says
            }
            String name = camel(field.getKey());
            camel.set(name, SCHEMAS.contains(name) ? field.getValue() : camel(field.getValue()));
        });
        return camel;
    }

    private static String camel(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean upper = false;
        for (char next : name.toCharArray()) {
            if (next == '_') {
                upper = !camel.isEmpty();
            } else {
                camel.append(upper ? Character.toUpperCase(next) : next);
                upper = false;
            }
        }
        return camel.toString();
    }
}
