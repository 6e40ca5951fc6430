package io.omniroute.filters.upstream;

import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.format.AnswerListener;

/** Wants to hear what the providers of a call answer, as they write it. A stage puts one on the exchange. */
@FunctionalInterface
public interface AttemptListener {

    /** Who hears the answer to this attempt. */
    AnswerListener of(Attempt attempt);
}
