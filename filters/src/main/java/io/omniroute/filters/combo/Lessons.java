package io.omniroute.filters.combo;

import io.omniroute.translators.error.ApiError;
import org.jspecify.annotations.Nullable;

/** What the attempts of a call teach of their targets. Methods are called from any thread, each at most once for an attempt but the last. */
interface Lessons {

    /** It has begun. */
    void begins(RunningAttempt running);

    /** The first of its answer leaves for the client. */
    void content(RunningAttempt running);

    /**
     * It has answered.
     *
     * @param brokenOff why its answer broke off behind its first content; {@code null} if it is complete
     */
    void answered(RunningAttempt running, @Nullable ApiError brokenOff);

    /** It has failed, and nothing of it has left for the client. */
    void failed(RunningAttempt running, ApiError error);

    /** It was ended by what says nothing of its target: the client, another attempt, a fault of the gateway's own. */
    void left(RunningAttempt running);

    /** Whoever waits for its verdict hears that there is none, unless there was one. */
    default void over(RunningAttempt running) {
        running.verdict().leaves();
    }

    /** Those of a call that is no answer and counts tokens only: none, since limits and speed of counting are not those of answering. */
    Lessons NONE = new Lessons() {
        @Override
        public void begins(RunningAttempt running) {}

        @Override
        public void content(RunningAttempt running) {
            over(running);
        }

        @Override
        public void answered(RunningAttempt running, @Nullable ApiError brokenOff) {
            over(running);
        }

        @Override
        public void failed(RunningAttempt running, ApiError error) {
            over(running);
        }

        @Override
        public void left(RunningAttempt running) {}
    };
}
