package io.omniroute.filters.call;

import io.omniroute.config.ApiKey;
import io.omniroute.translators.model.Usage;
import java.util.Optional;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * What is owed for attempts: the one way to budgets and books. Every attempt of every call opens an entry before a byte of it leaves and closes it once, also
 * those of parts, fallbacks, hedges and continuations. A bean of this type takes the place of the one that only counts. Thread-safe; must
 * not block.
 */
@FunctionalInterface
public interface Ledger {

    /** Why an attempt is made. */
    enum Reason {
        FIRST,
        /** The one before has failed. */
        FALLBACK,
        /** The same again. */
        RETRY,
        /** Another one is silent. */
        HEDGE
    }

    /**
     * What an attempt may cost.
     *
     * @param requestId of the call
     * @param parent the request's id of the call that it is a part of
     * @param key who pays; empty where nobody was authenticated
     * @param target the canonical name of the model
     * @param connection the account
     * @param promptTokens says about how many tokens the request has, which may take looking through it
     */
    record Debt(
            String requestId,
            Optional<String> parent,
            Optional<ApiKey> key,
            String target,
            String connection,
            Reason reason,
            LongSupplier promptTokens) {}

    /** An entry that is open. Only the first word counts. */
    interface Entry {

        /** The attempt has used this much, as far as anybody knows. */
        void settle(Usage usage);

        /** The attempt has used nothing. */
        void release();
    }

    /**
     * Opens an entry.
     *
     * @return fails with an {@link io.omniroute.translators.error.ApiException} if the attempt must not be made
     */
    Mono<Entry> open(Debt debt);
}
