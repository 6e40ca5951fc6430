package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that the model may use. */
public sealed interface Tool {

    /**
     * A function of the client's.
     *
     * @param schema JSON Schema of its arguments, or {@code null} if it takes none
     * @param strict whether the arguments must follow it, or {@code null} for the format's default
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode schema,
            @Nullable Boolean strict,
            @Nullable CacheMark cache,
            Extra extra)
            implements Tool {}

    /**
     * A tool of the client's that takes text.
     *
     * @param format what the text must look like, as OpenAI describes it, or {@code null}
     */
    record Custom(
            String name,
            @Nullable String description,
            @Nullable JsonNode format,
            Extra extra) implements Tool {

        public Custom(String name, @Nullable String description, @Nullable JsonNode format) {
            this(name, description, format, Extra.NONE);
        }
    }

    /** A search of the web, done by the provider. */
    record WebSearch(String format, JsonNode raw) implements Tool {}

    /** Another tool of the provider's own. */
    record Hosted(String format, String kind, JsonNode raw) implements Tool {}
}
