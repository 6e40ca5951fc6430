package io.omniroute.translators.format;

import java.util.Set;

/**
 * What is known of a provider and a model, as far as requests depend on it. Facts come from data, never from code.
 *
 * @param provider the provider's id
 * @param model what the provider calls the model
 * @param tokensField the name of the output limit, where a format has two
 * @param reasoningField where reasoning stands in messages of the Chat format: a field, {@code tags} for
 *     {@code <think>} at the beginning of the text, or empty for nowhere
 * @param reasoningEcho what the provider says to its own reasoning in the history
 * @param googleSignatures whether messages of the Chat format carry Google's signatures of calls
 * @param promptCacheKey whether the Chat format's hints of caches are known
 * @param ids which ids of tool calls the provider accepts
 * @param userAfterTool whether a user's turn may follow a tool's
 * @param developerRole whether the role {@code developer} is known
 * @param midSystem whether system turns may stand between others
 * @param sampling whether temperature, top_p and top_k are accepted
 * @param thinking how the model is told to think
 * @param range how little and how much it can be told to think
 * @param unsupported names of fields that the provider refuses
 * @param takes names of fields beyond those of its format that the provider is known to accept
 * @param thinkingSwitch what turns thinking on and off in the Chat format: {@code type} for {@code thinking.type},
 *     {@code enable_thinking} for a field of that name, or empty for nothing
 * @param thinksWhenForced whether the model may think where it is forced to call a tool
 * @param structuredOutput whether the model follows a schema by itself
 * @param jsonSchema whether schemas of Gemini's may be written as JSON Schema
 * @param schemaWithTools whether an answer may have to follow a schema where the model has functions, too
 * @param webSearch when the provider's own search of the web may be asked for
 * @param defaultOutput the output limit where a format requires one and the client gave none
 * @param maxOutput the highest output limit that the model accepts
 * @param contextWindow how many tokens a conversation may have; the highest number if that is not known
 */
public record TargetProfile(
        String provider,
        String model,
        String tokensField,
        String reasoningField,
        Echo reasoningEcho,
        boolean googleSignatures,
        boolean promptCacheKey,
        IdRule ids,
        boolean userAfterTool,
        boolean developerRole,
        boolean midSystem,
        boolean sampling,
        Thinking thinking,
        ThinkingRange range,
        Set<String> unsupported,
        Set<String> takes,
        String thinkingSwitch,
        boolean thinksWhenForced,
        boolean structuredOutput,
        boolean jsonSchema,
        boolean schemaWithTools,
        Search webSearch,
        long defaultOutput,
        long maxOutput,
        long contextWindow) {

    /** Whether a provider wants its reasoning back. */
    public enum Echo {
        REQUIRED,
        ALLOWED,
        FORBIDDEN
    }

    /** When a provider's own search of the web may be asked for. */
    public enum Search {
        /** Never: the model has none. */
        NEVER,
        /** Only where the client has no functions of its own. */
        ALONE,
        ALWAYS
    }

    /** How a model is told to think. */
    public enum Thinking {
        /** It is not. */
        NONE,
        /** By a word for the effort. */
        EFFORT,
        /** By a number of tokens. */
        BUDGET,
        /** By itself, with an effort if any. */
        ADAPTIVE,
        /** By one of Gemini's levels. */
        LEVEL
    }

    /** Whether tools of the Chat format may take text instead of JSON. */
    public boolean takesCustomTools() {
        return takes.contains("custom_tools");
    }

    /** What holds for a model of which nothing else is known. */
    public static TargetProfile unknown(String provider, String model) {
        return new TargetProfile(
                provider,
                model,
                "max_tokens",
                "reasoning_content",
                Echo.ALLOWED,
                false,
                false,
                IdRule.COMMON,
                true,
                true,
                false,
                true,
                Thinking.BUDGET,
                ThinkingRange.UNKNOWN,
                Set.of(),
                Set.of(),
                "",
                true,
                true,
                false,
                true,
                Search.ALWAYS,
                8_192,
                Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    /** Whether thinking is turned on and off in the Chat format. */
    public boolean hasThinkingSwitch() {
        return !thinkingSwitch.isEmpty();
    }

    /** Whether thoughts stand in the text of an answer, between tags. */
    public boolean thinksInText() {
        return reasoningField.equals("tags");
    }

    /** Whether the search of the web may be asked for beside the tools of a request. */
    public boolean searches(boolean besideFunctions) {
        return webSearch == Search.ALWAYS || (webSearch == Search.ALONE && !besideFunctions);
    }
}
