package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import org.jspecify.annotations.Nullable;

/** What a choice goes by that a call says itself, whether it is sent or only explained. Is asked only where something depends on it. */
interface Asked {

    /** The catalog that the call sees. */
    Catalog catalog();

    /** In which format it asks, and for what. */
    Endpoint endpoint();

    /** The model, alias or combo that it asks for. */
    String name();

    /** Its request; {@code null} where that is not known. */
    byte @Nullable [] body();

    /** How it wants targets to be scored; {@code null} if it does not say. */
    @Nullable
    String mode();

    /** Whether it wants something of tools that the provider runs. */
    boolean usesHostedTools();

    /** Whether it wants to see the model's thoughts. */
    boolean wantsThoughts();

    /** Whose sessions it may go on with. */
    String team();

    /** What its client calls the conversation; may be empty. */
    String session();

    /** A text that it has in common with calls that begin alike, or belong to one conversation. */
    String affinity();

    /** What it asks of the accounts. */
    AccountTerms terms();

    /** Whether calls can be made on its caller's behalf. */
    boolean mayHaveParts();

    /** Whether only the tokens of what is asked are to be counted. */
    default boolean isForCounting() {
        return endpoint().operation() == Operation.COUNT_TOKENS;
    }
}
