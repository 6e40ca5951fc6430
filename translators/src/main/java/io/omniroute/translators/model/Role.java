package io.omniroute.translators.model;

/** Who speaks in a turn. */
public enum Role {
    SYSTEM,
    /** As {@link #SYSTEM}, by the word of OpenAI's newer models. */
    DEVELOPER,
    USER,
    ASSISTANT,
    /** Answers to tool calls, and nothing else. */
    TOOL;

    /** Whether it gives instructions. */
    public boolean isInstruction() {
        return this == SYSTEM || this == DEVELOPER;
    }
}
