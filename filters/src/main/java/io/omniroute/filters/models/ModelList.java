package io.omniroute.filters.models;

import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/** How vendors list models. */
enum ModelList {
    OPENAI {
        @Override
        Map<String, Object> list(List<Entry> entries) {
            return fields(
                    "object", "list", "data", entries.stream().map(this::one).toList());
        }

        @Override
        Map<String, Object> one(Entry entry) {
            return fields("id", entry.id(), "object", "model", "created", 0, "owned_by", entry.owner());
        }
    },

    ANTHROPIC {
        @Override
        Map<String, Object> list(List<Entry> entries) {
            Map<String, Object> list =
                    fields("data", entries.stream().map(this::one).toList(), "has_more", false);
            list.put("first_id", entries.isEmpty() ? null : entries.getFirst().id());
            list.put("last_id", entries.isEmpty() ? null : entries.getLast().id());
            return list;
        }

        @Override
        Map<String, Object> one(Entry entry) {
            return fields(
                    "type",
                    "model",
                    "id",
                    entry.id(),
                    "display_name",
                    entry.id(),
                    "created_at",
                    "1970-01-01T00:00:00Z");
        }
    },

    GEMINI {
        @Override
        Map<String, Object> list(List<Entry> entries) {
            return fields("models", entries.stream().map(this::one).toList());
        }

        @Override
        Map<String, Object> one(Entry entry) {
            return fields(
                    "name",
                    "models/" + entry.id(),
                    "displayName",
                    entry.id(),
                    "supportedGenerationMethods",
                    List.of("generateContent", "streamGenerateContent", "countTokens"));
        }
    };

    /** A model, alias or combo, and whose it is. */
    record Entry(String id, String owner) {}

    /** The shape that a client knows: by its path, or by the header that only Anthropic's clients send. */
    static ModelList of(Endpoint endpoint, HttpHeaders headers) {
        if (endpoint.format().id().equals("gemini")) {
            return GEMINI;
        }
        return headers.containsHeader("anthropic-version") ? ANTHROPIC : OPENAI;
    }

    /** What its clients can ask for. */
    Stream<Operation> operations() {
        return this == OPENAI ? Arrays.stream(Operation.values()) : Stream.of(Operation.CHAT);
    }

    abstract Map<String, Object> list(List<Entry> entries);

    abstract Map<String, Object> one(Entry entry);

    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
