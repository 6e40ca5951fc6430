package io.omniroute.translators.model;

import java.util.Locale;

/**
 * Something of a request that the target's format cannot say.
 *
 * @param path the field, as the client wrote it or as the canonical model names it
 */
public record Loss(Code code, String path) {

    /** What was lost. */
    public enum Code {
        SAMPLING_DROPPED,
        TEMPERATURE_CLAMPED,
        SEED_DROPPED,
        LOGIT_BIAS_DROPPED,
        LOGPROBS_DROPPED,
        STOP_DROPPED,
        PARALLEL_DROPPED,
        TOOL_CHOICE_WEAKENED,
        TOOL_STRICTNESS_DROPPED,
        WEB_SEARCH_DROPPED,
        /** How the provider's search is to be done, of which it can be told only a part. */
        WEB_SEARCH_WEAKENED,
        PREFILL_NOT_CONTINUED,
        SCHEMA_WEAKENED,
        FORMAT_INSTRUCTED,
        EFFORT_CLAMPED,
        /** The limit of the answer is not one that the model accepts. */
        LIMIT_CLAMPED,
        THINKING_DROPPED,
        VERBOSITY_DROPPED,
        TIER_DROPPED,
        METADATA_DROPPED,
        USER_DROPPED,
        NAME_DROPPED,
        CACHE_MARK_DROPPED,
        /** The conversation was too long for the model, and was made shorter. */
        CONTEXT_COMPRESSED,
        /** What only makes calls cheaper. */
        CACHE_HINT_DROPPED,
        DETAIL_DROPPED,
        SYSTEM_MOVED,
        /** The provider wants the model to speak between a tool and the user. */
        TURN_INSERTED,
        BLOCK_ORDER_LOST,
        IMAGE_HOISTED,
        ERROR_MARKED,
        ARGUMENTS_WRAPPED,
        FIELD_DROPPED,
        /** Tools that the provider runs itself, which the caller's key has no scope for. */
        HOSTED_TOOLS_NOT_GRANTED,
        /** Anthropic refuses content that is not of the type that it is said to be; it is told what the content is. */
        MEDIA_TYPE_CORRECTED,
        /** The provider paused its own work, and was not asked to go on, or not again. */
        PAUSE_NOT_CONTINUED,
        /** The model wrote a call of a tool that cannot be read; the answer is what it said before. */
        TOOL_CALL_UNREADABLE,
        /** A source without an address. */
        CITATION_DROPPED,
        /** Reasoning of another provider, which this one could not read; nothing that the client asked for. */
        REASONING_STRIPPED,
        SIGNATURE_PLACEHOLDER;

        /** The name in headers and logs: lower case with hyphens. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether {@code X-OmniRoute-Strict} makes a refusal of it. */
        public boolean isRefusedWhenStrict() {
            return this != REASONING_STRIPPED
                    && this != SIGNATURE_PLACEHOLDER
                    && this != MEDIA_TYPE_CORRECTED
                    && this != CACHE_HINT_DROPPED;
        }
    }
}
