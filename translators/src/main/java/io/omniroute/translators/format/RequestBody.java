package io.omniroute.translators.format;

/**
 * A request's body that a route predicate has already read, kept on the exchange under this class's name for the stages.
 *
 * @param bytes the body; empty where it was not read to its end
 * @param end how reading ended
 */
public record RequestBody(byte[] bytes, End end) {

    /** How reading a body ended. */
    public enum End {
        COMPLETE,
        TOO_LARGE,
        TOO_SLOW,
        NO_MEMORY,
        CLIENT_LEFT
    }

    /** A body that was read. */
    public static RequestBody complete(byte[] bytes) {
        return new RequestBody(bytes, End.COMPLETE);
    }

    /** A body that was not read to its end. */
    public static RequestBody unread(End why) {
        return new RequestBody(new byte[0], why);
    }
}
