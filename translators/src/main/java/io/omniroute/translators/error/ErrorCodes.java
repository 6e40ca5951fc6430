package io.omniroute.translators.error;

/** Codes of errors that are given in several places, or that somebody else goes by. Clients see them, so they stay as they are. */
public final class ErrorCodes {

    /** An answer was cut off before it was complete. */
    public static final String EARLY_END = "STREAM_EARLY_EOF";

    /** An answer was ended because its provider fell silent, or the gateway ends. */
    public static final String TERMINATED = "stream_terminated";

    /** What is asked for cannot be said to any provider that the call may go to, or is not kept here. */
    public static final String UNSUPPORTED = "unsupported_feature";

    /** The provider of a model does not do what is asked for. */
    public static final String NOT_OFFERED = "not_offered";

    /** There is nothing at a path. */
    public static final String NOTHING_THERE = "not_found";

    /** No target of a combo can take a call. */
    public static final String CAPABILITY_MISMATCH = "capability_mismatch";

    private ErrorCodes() {}
}
