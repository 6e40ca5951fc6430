package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.SchemaDialect;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Tool;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How much Anthropic compiles of a request: more tools whose arguments follow their schemas strictly are refused. */
final class StrictTools {

    private static final int MOST_TOOLS = 20;
    private static final int MOST_OPTIONAL = 24;
    private static final int MOST_UNIONS = 16;

    private int optional;
    private int unions;

    private StrictTools() {}

    /**
     * Whether all that ask for it may be strict.
     *
     * @param answer the schema of the answer, which counts too; anything but an object where there is none
     */
    static boolean areFew(List<Tool> tools, JsonNode answer) {
        StrictTools counted = new StrictTools();
        counted.count(answer);
        int strict = 0;
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function
                    && Boolean.TRUE.equals(function.strict())
                    && function.schema() != null) {
                strict++;
                counted.count(function.schema());
            }
        }
        return strict <= MOST_TOOLS && counted.optional <= MOST_OPTIONAL && counted.unions <= MOST_UNIONS;
    }

    /** Whether the answer's schema, if there is one, can be kept to, and need not be told in words. */
    static boolean isFollowed(ChatRequest request, TargetProfile target) {
        return request.output() instanceof OutputFormat.JsonSchema schema
                && target.structuredOutput()
                && !SchemaDialect.isRecursive(schema.schema())
                && (request.extra().format().equals(AnthropicFormat.ID) || areFew(List.of(), schema.schema()));
    }

    private void count(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        if (properties.isObject()) {
            optional += Math.max(0, properties.size() - schema.path("required").size());
        }
        if (schema.path("type").isArray() || schema.has("anyOf")) {
            unions++;
        }
        schema.forEach(this::count);
    }
}
