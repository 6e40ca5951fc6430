package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.shape.Takeover;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A strategy that lets several targets work on one answer: it makes calls of its own before the one whose answer the client gets. Where
 * there is nothing to work on together it orders the targets like any other.
 */
public interface ComposingStrategy extends SelectionStrategy {

    /** What becomes of the call. */
    sealed interface Composed {

        /**
         * A call whose answer the client gets, streamed where it asked for that.
         *
         * @param body the request, in the client's format
         * @param targets who is asked, one after another until one answers
         */
        record Asks(byte[] body, List<Target> targets) implements Composed {}

        /**
         * The call itself, with something that its targets are told.
         *
         * @param takeover what those of them are told that have not had the conversation before; nothing if empty
         * @param beside what is done at the same time; it ends with the client, and its failure is nobody's
         */
        record Told(Optional<Takeover> takeover, Mono<Void> beside) implements Composed {}

        /** An answer that is there already. */
        record Answers(PartCalls.Said said) implements Composed {}
    }

    /** Whether all of its targets must be able to take the call, because each does a part that no other does. */
    default boolean needsAll() {
        return false;
    }

    /** Whether it asks several for the same, so that one that rests can be left out. */
    default boolean canSpare() {
        return false;
    }

    /** Whether it composes answers to calls with tools, too. */
    default boolean takesTools() {
        return false;
    }

    /**
     * Does what comes before the answer. Ends all of its calls when it is cancelled.
     *
     * @param parts makes the calls
     * @return fails with an {@link io.omniroute.translators.error.ApiException} if there is nothing to answer with
     */
    Mono<Composed> compose(Selection selection, PartCalls parts);
}
