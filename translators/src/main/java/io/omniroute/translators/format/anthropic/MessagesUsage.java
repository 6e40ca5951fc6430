package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's usage: cached and written tokens stand beside the input, not in it, and the numbers of a later event replace
 * those of an earlier one.
 */
final class MessagesUsage {

    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long output;
    private long reasoning;

    /** Takes what a usage object says; what it does not say stays. */
    Usage update(JsonNode usage) {
        input = number(usage, "input_tokens", input);
        cacheRead = number(usage, "cache_read_input_tokens", cacheRead);
        cacheWrite = number(usage, "cache_creation_input_tokens", cacheWrite);
        output = number(usage, "output_tokens", output);
        reasoning = number(usage.path("output_tokens_details"), "thinking_tokens", reasoning);
        return new Usage(input + cacheRead + cacheWrite, cacheRead, cacheWrite, output, reasoning, false);
    }

    /** Tells what is known with a further usage object; nothing without one. */
    void tell(JsonNode counts, Consumer<StreamEvent> sink) {
        if (counts.isObject()) {
            sink.accept(new StreamEvent.UsageUpdate(update(counts)));
        }
    }

    /** The object for a client. */
    static ObjectNode write(Usage usage) {
        ObjectNode object = Json.object()
                .put("input_tokens", Math.max(0, usage.input() - usage.cacheRead() - usage.cacheWrite()))
                .put("cache_creation_input_tokens", usage.cacheWrite())
                .put("cache_read_input_tokens", usage.cacheRead())
                .put("output_tokens", usage.output());
        if (usage.reasoning() > 0) {
            object.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        return object;
    }

    private static long number(JsonNode object, String name, long otherwise) {
        JsonNode value = object.path(name);
        return value.isIntegralNumber() ? value.longValue() : otherwise;
    }
}
