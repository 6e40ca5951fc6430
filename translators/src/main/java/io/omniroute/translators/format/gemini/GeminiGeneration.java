package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Sampling;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads how an answer is to be made: the {@code generationConfig} of a request. */
final class GeminiGeneration {

    private GeminiGeneration() {}

    /** Reads them into a request. */
    static void read(Fields config, ChatRequest.Builder request) {
        Boolean logprobs = config.bool("responseLogprobs");
        request.sampling(new Sampling(
                config.number("temperature"),
                config.number("topP"),
                topK(config),
                config.number("seed"),
                config.number("presencePenalty"),
                config.number("frequencyPenalty"),
                null,
                logprobs != null && logprobs,
                config.whole("logprobs")));
        request.maxOutput(config.whole("maxOutputTokens"));
        request.stop(config.array("stopSequences").stream()
                .map(node -> node.asString(""))
                .toList());
        Long candidates = config.whole("candidateCount");
        request.candidates(candidates == null ? 1 : candidates);
        JsonNode schema = config.take("responseJsonSchema");
        JsonNode own = config.take("responseSchema");
        JsonNode wanted = schema == null && own != null ? GeminiSchemas.closed(own) : schema;
        String mime = config.string("responseMimeType");
        boolean word = Unsaid.ONE_WORD.equals(mime);
        boolean known = wanted != null || mime == null || mime.equals("application/json") || mime.equals("text/plain");
        if (!known) {
            throw config.invalid(
                    "responseMimeType",
                    "\"application/json\" or \"text/plain\", or with a schema \"" + Unsaid.ONE_WORD + "\"");
        }
        if (word) {
            config.leave("responseMimeType", "responseJsonSchema", "responseSchema");
        } else if (wanted != null) {
            request.output(new OutputFormat.JsonSchema(null, null, wanted, null));
        } else if ("application/json".equals(mime)) {
            request.output(new OutputFormat.JsonObject());
        }
        Fields thinking = config.fields("thinkingConfig");
        if (thinking != null) {
            request.reasoning(reasoning(thinking));
        }
    }

    private static @Nullable Long topK(Fields config) {
        JsonNode topK = config.number("topK");
        return topK == null ? null : topK.asLong();
    }

    private static Reasoning reasoning(Fields thinking) {
        Long budget = thinking.whole("thinkingBudget");
        String told = thinking.string("thinkingLevel");
        String level = told == null || told.toLowerCase(Locale.ROOT).endsWith("unspecified") ? null : told;
        Boolean shown = thinking.bool("includeThoughts");
        Reasoning.Mode mode;
        if (budget == null) {
            mode = Reasoning.Mode.UNSET;
        } else if (budget == 0) {
            mode = Reasoning.Mode.OFF;
        } else {
            mode = budget < 0 ? Reasoning.Mode.ADAPTIVE : Reasoning.Mode.ON;
        }
        return new Reasoning(
                mode,
                level == null ? null : level.toLowerCase(Locale.ROOT),
                budget == null || budget <= 0 ? null : budget,
                shown);
    }
}
