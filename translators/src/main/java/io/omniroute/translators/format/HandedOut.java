package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds the ids of what a provider keeps in what it answers. Looks only where the provider itself speaks: a model may write
 * whatever it is told into its calls of tools, and a remote server into its answers.
 *
 * @param marks what stands in every answer or event that has such an id
 * @param reader reads them from a whole answer, or from the data of an event
 */
public record HandedOut(List<String> marks, Reader reader) {

    /** Nothing is ever handed out. */
    public static final HandedOut NOTHING = new HandedOut(List.of(), (answer, ids) -> {});

    public HandedOut {
        marks = List.copyOf(marks);
    }

    /** Reads ids from an answer. */
    @FunctionalInterface
    public interface Reader {

        /** Gives what it finds, which may be empty texts. */
        void read(JsonNode answer, Consumer<JsonNode> ids);
    }

    /** The ids in a whole answer, or in an event's data; none in what is not JSON. */
    public Set<String> in(byte[] data, int start, int length) {
        String written = new String(data, start, length, StandardCharsets.ISO_8859_1);
        if (marks.stream().noneMatch(written::contains)) {
            return Set.of();
        }
        Set<String> ids = new LinkedHashSet<>();
        try {
            reader.read(Json.read(data, start, length), id -> {
                if (id.isString() && !id.stringValue().isEmpty()) {
                    ids.add(id.stringValue());
                }
            });
        } catch (JacksonException notJson) {
            // whoever reads the answer itself says so
        }
        return ids;
    }
}
