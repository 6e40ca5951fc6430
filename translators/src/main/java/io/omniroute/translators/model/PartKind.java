package io.omniroute.translators.model;

/** What a part of an answer is. */
public enum PartKind {
    TEXT,
    REFUSAL,
    REASONING,
    /** Reasoning that the provider does not show. */
    REDACTED_REASONING,
    TOOL_CALL,
    AUDIO,
    /** A picture: its name is its media type, its text its bytes in base64, in one piece. */
    IMAGE;

    /** Whether what it says is words, of which some are a token; sounds and pictures are not. */
    public boolean isWords() {
        return this != IMAGE && this != AUDIO;
    }
}
