package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Opaque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code reasoning_details}, in which providers of this format (OpenRouter and those like it) send reasoning that they want back
 * unchanged: texts, summaries, signatures, encrypted data. In a stream the entries grow. One per candidate; not thread-safe.
 */
final class ReasoningDetails {

    private static final List<String> GROWING = List.of("text", "summary", "data");

    private final ArrayNode entries = Json.array();
    /** Texts of the last entry that more may follow, by their names. */
    private final Map<String, StringBuilder> growing = new HashMap<>();

    private boolean shown;
    /** Whether there is more than text in an entry before the last. */
    private boolean needed;

    /** Takes the entries of a chunk, or of the whole message. */
    void add(JsonNode told) {
        for (JsonNode entry : told) {
            if (!(entry instanceof ObjectNode piece)) {
                continue;
            }
            if (!entries.isEmpty()
                    && entries.get(entries.size() - 1) instanceof ObjectNode last
                    && isMore(last, piece)) {
                grow(last, piece);
            } else {
                needed = isNeeded();
                entries.add(piece.deepCopy());
            }
        }
    }

    /** The texts of some entries. */
    static String text(JsonNode told) {
        StringBuilder text = new StringBuilder();
        for (JsonNode entry : told) {
            text.append(entry.path("text").asString(entry.path("summary").asString("")));
        }
        return text.toString();
    }

    /** The texts stand nowhere else, so they are shown from here. */
    void showText() {
        shown = true;
    }

    boolean showsText() {
        return shown;
    }

    /** Whether there is more than text, which the provider could not do without. */
    boolean isNeeded() {
        settle();
        JsonNode last = entries.path(entries.size() - 1);
        return needed
                || !last.path("signature").asString("").isEmpty()
                || !last.path("data").asString("").isEmpty();
    }

    /** All entries, to be brought back. */
    Opaque opaque() {
        settle();
        return new Opaque(OpenAiChatFormat.ID, Opaque.Kind.ENCRYPTED, null, Json.text(entries));
    }

    private static boolean isMore(ObjectNode last, ObjectNode piece) {
        return last.has("index")
                && last.path("index").equals(piece.path("index"))
                && last.path("type").equals(piece.path("type"))
                && (!last.hasNonNull("id")
                        || !piece.hasNonNull("id")
                        || last.get("id").equals(piece.get("id")));
    }

    private StringBuilder text(ObjectNode last, String name) {
        return growing.computeIfAbsent(
                name, first -> new StringBuilder(last.path(name).asString("")));
    }

    private void settle() {
        if (!growing.isEmpty() && entries.get(entries.size() - 1) instanceof ObjectNode last) {
            growing.forEach((name, text) -> last.put(name, text.toString()));
            growing.clear();
        }
    }

    private void grow(ObjectNode last, ObjectNode piece) {
        piece.properties().forEach(field -> {
            String name = field.getKey();
            if (GROWING.contains(name) && field.getValue().isString()) {
                text(last, name).append(field.getValue().stringValue());
            } else if (!field.getValue().isNull()) {
                last.set(name, field.getValue());
            }
        });
    }
}
