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
        return of(provider, model).build();
    }

    /**
     * A model of which something is known.
     *
     * @param provider the provider's id
     * @param model what the provider calls the model
     */
    public static Builder of(String provider, String model) {
        return new Builder(provider, model);
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

    /** Facts of a model one by one, on top of what holds where nothing is known. */
    public static final class Builder {

        private final String provider;
        private final String model;
        private String tokensField = "max_tokens";
        private String reasoningField = "reasoning_content";
        private Echo reasoningEcho = Echo.ALLOWED;
        private boolean googleSignatures = false;
        private boolean promptCacheKey = false;
        private IdRule ids = IdRule.COMMON;
        private boolean userAfterTool = true;
        private boolean developerRole = false;
        private boolean midSystem = false;
        private boolean sampling = true;
        private Thinking thinking = Thinking.BUDGET;
        private ThinkingRange range = ThinkingRange.UNKNOWN;
        private Set<String> unsupported = Set.of();
        private Set<String> takes = Set.of();
        private String thinkingSwitch = "";
        private boolean thinksWhenForced = true;
        private boolean structuredOutput = true;
        private boolean jsonSchema = false;
        private boolean schemaWithTools = true;
        private Search webSearch = Search.ALWAYS;
        private long defaultOutput = 8_192;
        private long maxOutput = Long.MAX_VALUE;
        private long contextWindow = Long.MAX_VALUE;

        private Builder(String provider, String model) {
            this.provider = provider;
            this.model = model;
        }

        /** {@link TargetProfile#tokensField}. */
        public Builder tokensField(String tokensField) {
            this.tokensField = tokensField;
            return this;
        }

        /** {@link TargetProfile#reasoningField}. */
        public Builder reasoningField(String reasoningField) {
            this.reasoningField = reasoningField;
            return this;
        }

        /** {@link TargetProfile#reasoningEcho}. */
        public Builder reasoningEcho(Echo reasoningEcho) {
            this.reasoningEcho = reasoningEcho;
            return this;
        }

        /** {@link TargetProfile#googleSignatures}. */
        public Builder googleSignatures(boolean googleSignatures) {
            this.googleSignatures = googleSignatures;
            return this;
        }

        /** {@link TargetProfile#promptCacheKey}. */
        public Builder promptCacheKey(boolean promptCacheKey) {
            this.promptCacheKey = promptCacheKey;
            return this;
        }

        /** {@link TargetProfile#ids}. */
        public Builder ids(IdRule ids) {
            this.ids = ids;
            return this;
        }

        /** {@link TargetProfile#userAfterTool}. */
        public Builder userAfterTool(boolean userAfterTool) {
            this.userAfterTool = userAfterTool;
            return this;
        }

        /** {@link TargetProfile#developerRole}. */
        public Builder developerRole(boolean developerRole) {
            this.developerRole = developerRole;
            return this;
        }

        /** {@link TargetProfile#midSystem}. */
        public Builder midSystem(boolean midSystem) {
            this.midSystem = midSystem;
            return this;
        }

        /** {@link TargetProfile#sampling}. */
        public Builder sampling(boolean sampling) {
            this.sampling = sampling;
            return this;
        }

        /** {@link TargetProfile#thinking}. */
        public Builder thinking(Thinking thinking) {
            this.thinking = thinking;
            return this;
        }

        /** {@link TargetProfile#range}. */
        public Builder range(ThinkingRange range) {
            this.range = range;
            return this;
        }

        /** {@link TargetProfile#unsupported}. */
        public Builder unsupported(Set<String> unsupported) {
            this.unsupported = unsupported;
            return this;
        }

        /** {@link TargetProfile#takes}. */
        public Builder takes(Set<String> takes) {
            this.takes = takes;
            return this;
        }

        /** {@link TargetProfile#thinkingSwitch}. */
        public Builder thinkingSwitch(String thinkingSwitch) {
            this.thinkingSwitch = thinkingSwitch;
            return this;
        }

        /** {@link TargetProfile#thinksWhenForced}. */
        public Builder thinksWhenForced(boolean thinksWhenForced) {
            this.thinksWhenForced = thinksWhenForced;
            return this;
        }

        /** {@link TargetProfile#structuredOutput}. */
        public Builder structuredOutput(boolean structuredOutput) {
            this.structuredOutput = structuredOutput;
            return this;
        }

        /** {@link TargetProfile#jsonSchema}. */
        public Builder jsonSchema(boolean jsonSchema) {
            this.jsonSchema = jsonSchema;
            return this;
        }

        /** {@link TargetProfile#schemaWithTools}. */
        public Builder schemaWithTools(boolean schemaWithTools) {
            this.schemaWithTools = schemaWithTools;
            return this;
        }

        /** {@link TargetProfile#webSearch}. */
        public Builder webSearch(Search webSearch) {
            this.webSearch = webSearch;
            return this;
        }

        /** {@link TargetProfile#defaultOutput}. */
        public Builder defaultOutput(long defaultOutput) {
            this.defaultOutput = defaultOutput;
            return this;
        }

        /** {@link TargetProfile#maxOutput}. */
        public Builder maxOutput(long maxOutput) {
            this.maxOutput = maxOutput;
            return this;
        }

        /** {@link TargetProfile#contextWindow}. */
        public Builder contextWindow(long contextWindow) {
            this.contextWindow = contextWindow;
            return this;
        }

        /** The facts together. */
        public TargetProfile build() {
            return new TargetProfile(
                    provider,
                    model,
                    tokensField,
                    reasoningField,
                    reasoningEcho,
                    googleSignatures,
                    promptCacheKey,
                    ids,
                    userAfterTool,
                    developerRole,
                    midSystem,
                    sampling,
                    thinking,
                    range,
                    unsupported,
                    takes,
                    thinkingSwitch,
                    thinksWhenForced,
                    structuredOutput,
                    jsonSchema,
                    schemaWithTools,
                    webSearch,
                    defaultOutput,
                    maxOutput,
                    contextWindow);
        }
    }
}
