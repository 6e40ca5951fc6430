package io.omniroute.redis.apikey;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import java.util.List;
import java.util.Optional;

/**
 * What changed since a change.
 *
 * @param seen up to where the changes reach
 * @param more whether there are more changes than these
 * @param anew whether these begin with the first of all, because Redis does not know what was seen before
 * @param entries the changed keys
 */
record ApiKeyChanges(Seen seen, boolean more, boolean anew, List<Entry> entries) {

    /**
     * The last change that a reader knows of.
     *
     * @param history which history the epochs belong to; after a loss of all data there is another one
     * @param epoch the number of the change
     * @param word the change's own; after a loss of the last changes another one may have its number
     */
    record Seen(String history, String epoch, String word) {

        /** Before the first change. */
        static final Seen NOTHING = new Seen("", "0", "");
    }

    /**
     * A changed key.
     *
     * @param record its record, absent for a key that is declared elsewhere
     * @param revoked whether it was revoked
     */
    record Entry(KeyHash hash, Optional<ApiKey> record, boolean revoked) {}
}
