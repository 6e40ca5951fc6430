package io.omniroute.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error that Redis has answered with: it is there, and says why it does not do that one thing.
 *
 * @param words what it has said
 */
record ErrorReply(String words) {

    /** Said of everything that it is asked at the moment. */
    private static final Pattern CANNOT_ANSWER =
            Pattern.compile("(LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS)\\b.*", Pattern.DOTALL);

    /** At the beginning, or where an older server repeats what a script of its own was told. */
    private static final Pattern REFUSAL = Pattern.compile("(?:^|-)(OOM|READONLY|MISCONF|NOREPLICAS|NOPERM)\\b");

    private static final String DENIED = "NOPERM";

    /** What a script is told where its user may not run a command. */
    private static final Pattern DENIED_IN_SCRIPT = Pattern.compile("ACL failure in script|can't run this command");

    /** The reply that a failure is about, if it is about one. */
    static Optional<ErrorReply> of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException said) {
                return Optional.of(new ErrorReply(String.valueOf(said.getMessage())));
            }
        }
        return Optional.empty();
    }

    /** Whether other commands can be answered. */
    boolean isAnswer() {
        return !CANNOT_ANSWER.matcher(words).matches();
    }

    /** Redis's word for why it refuses this and whatever is like it: it is full, read-only, or does not let this user. */
    Optional<String> refusal() {
        Matcher said = REFUSAL.matcher(words);
        if (said.find()) {
            return Optional.of(said.group(1));
        }
        return DENIED_IN_SCRIPT.matcher(words).find() ? Optional.of(DENIED) : Optional.empty();
    }

    /** Whether such a refusal is of writes, whoever asks. */
    static boolean isOfWrites(String refusal) {
        return !refusal.equals(DENIED);
    }
}
