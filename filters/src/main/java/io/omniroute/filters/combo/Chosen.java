package io.omniroute.filters.combo;

import io.omniroute.translators.error.ApiException;
import java.util.Map;

/** What is to become of a call, before anything is tried. */
sealed interface Chosen {

    /** What people and programs are shown of it. */
    Choice choice();

    /**
     * Targets are tried one after another.
     *
     * @param fitness what of them is known not to be fit for the call
     */
    record InOrder(Choice choice, Fitness fitness) implements Chosen {}

    /**
     * Several targets work on the answer together.
     *
     * @param selection who does
     */
    record Together(Choice choice, ComposingStrategy strategy, Selection selection) implements Chosen {}

    /** Nobody can count, so that is estimated. */
    record Estimated(Choice choice) implements Chosen {}

    /**
     * There is nothing to try.
     *
     * @param pool how much there could have been
     * @param reasons what is passed over, with a word for why
     * @param refusal what the client is told
     */
    record Refused(Choice choice, int pool, Map<String, String> reasons, ApiException refusal) implements Chosen {}
}
