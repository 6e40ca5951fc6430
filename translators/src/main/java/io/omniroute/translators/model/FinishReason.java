package io.omniroute.translators.model;

/** Why a candidate ended, in the gateway's convention; a format keeps the raw word beside it. */
public enum FinishReason {
    STOP,
    STOP_SEQUENCE,
    LENGTH,
    /** The context window was full. */
    CONTEXT_FULL,
    TOOL,
    CONTENT_FILTER,
    /** The model, not a filter, declined to answer. */
    REFUSAL,
    /** The provider paused its own work and expects to be asked to go on. */
    PAUSE,
    /** The model wrote a call that is not one. */
    TOOL_ERROR,
    OTHER
}
