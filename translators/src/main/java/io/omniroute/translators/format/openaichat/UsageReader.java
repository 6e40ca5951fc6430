package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.model.Usage;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;

/**
 * Reads OpenAI's {@code usage} object. Reasoning is part of the output there; a provider that keeps it apart is known by
 * its total, or by more reasoning than output.
 */
final class UsageReader {

    private static final Set<String> USUAL = Set.of("prompt_tokens", "completion_tokens", "total_tokens");

    private long input;
    private long output;
    private long total;
    private long cacheRead;
    private long cacheWrite;
    private long reasoning;
    /** Whether anything is said beside the three numbers that everybody says. */
    private boolean details;

    private UsageReader() {}

    /** Reads the object that the parser stands on the start of, and leaves it on the end. */
    static Usage read(JsonParser parser) {
        UsageReader reader = new UsageReader();
        reader.object(parser);
        if (reader.input == 0 && reader.output == 0) {
            // some say of embeddings only what they are together
            reader.input = reader.total;
        }
        long told = reader.input + reader.output;
        boolean apart =
                reader.reasoning > 0 && (reader.total == told + reader.reasoning || reader.reasoning > reader.output);
        // Google's compatible endpoint, which says nothing else, says in the total alone that its model has thought
        long hidden = reader.details || reader.input == 0 ? 0 : Math.max(0, reader.total - told);
        long output = reader.output + hidden + (apart ? reader.reasoning : 0);
        return new Usage(reader.input, reader.cacheRead, reader.cacheWrite, output, reader.reasoning + hidden, false);
    }

    /** The usage in a tree, if it is there. */
    static Optional<Usage> read(JsonNode usage) {
        if (!usage.isObject()) {
            return Optional.empty();
        }
        try (JsonParser parser = usage.traverse(ObjectReadContext.empty())) {
            parser.nextToken();
            return Optional.of(read(parser));
        }
    }

    private void object(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            details |= value != JsonToken.VALUE_NULL && !USUAL.contains(name);
            if (value == JsonToken.START_OBJECT && name.endsWith("_details")) {
                object(parser);
            } else if (value == JsonToken.VALUE_NUMBER_INT) {
                number(name, parser.getLongValue());
            } else {
                parser.skipChildren();
            }
        }
    }

    private void number(String name, long value) {
        switch (name) {
            case "prompt_tokens" -> input = value;
            case "completion_tokens" -> output = value;
            case "total_tokens" -> total = value;
            case "cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens" -> cacheRead = value;
            case "cache_write_tokens", "cache_creation_input_tokens" -> cacheWrite = value;
            case "reasoning_tokens" -> reasoning = value;
            default -> {
                // audio, image and prediction counts are subsets that nobody reads yet
            }
        }
    }
}
