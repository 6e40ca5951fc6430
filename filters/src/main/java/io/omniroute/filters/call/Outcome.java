package io.omniroute.filters.call;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param usage the tokens; estimated if the provider did not get to say
 * @param model the model that the provider says it used, empty if it did not say
 * @param firstContent from the start of the attempt to its first content, or {@code null} if there was none
 * @param error what failed after content had left, or {@code null}
 */
public record Outcome(
        Completion completion,
        Usage usage,
        String model,
        @Nullable Duration firstContent,
        @Nullable ApiError error) {

    /** The ways in which an answer ends. */
    public enum Completion {
        COMPLETE,
        CLIENT_GONE,
        UPSTREAM_FAILED,
        /** It was cut off, and another target goes on with it in a call of its own. */
        CONTINUED
    }
}
