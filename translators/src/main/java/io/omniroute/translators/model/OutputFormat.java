package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the answer's text must look like. */
public sealed interface OutputFormat {

    /** Any text. */
    record Text() implements OutputFormat {}

    /** Any JSON object. */
    record JsonObject() implements OutputFormat {}

    /** JSON that follows a schema. */
    record JsonSchema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) implements OutputFormat {}
}
