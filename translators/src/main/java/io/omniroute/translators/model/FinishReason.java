package io.omniroute.translators.model;

/** Why a candidate ended, in the gateway's convention; a format keeps the raw word beside it. */
public enum FinishReason {
    STOP,
    LENGTH,
    TOOL,
    CONTENT_FILTER,
    OTHER
}
