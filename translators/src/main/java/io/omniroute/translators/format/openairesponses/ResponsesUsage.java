package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The usage of a response: cached tokens are in the input, reasoning in the output. */
final class ResponsesUsage {

    private ResponsesUsage() {}

    static Usage read(JsonNode usage) {
        JsonNode input = usage.path("input_tokens_details");
        return new Usage(
                usage.path("input_tokens").asLong(0),
                input.path("cached_tokens").asLong(0),
                input.path("cache_write_tokens").asLong(0),
                usage.path("output_tokens").asLong(0),
                usage.path("output_tokens_details").path("reasoning_tokens").asLong(0),
                false);
    }

    static ObjectNode write(Usage usage) {
        ObjectNode object = Json.object().put("input_tokens", usage.input());
        object.putObject("input_tokens_details")
                .put("cached_tokens", usage.cacheRead())
                .put("cache_write_tokens", usage.cacheWrite());
        object.put("output_tokens", usage.output());
        object.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return object.put("total_tokens", usage.input() + usage.output());
    }
}
