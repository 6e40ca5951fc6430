package io.omniroute.translators.model;

/** What a part of an answer is. */
public enum PartKind {
    TEXT,
    REFUSAL,
    REASONING,
    TOOL_CALL,
    AUDIO
}
