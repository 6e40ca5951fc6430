package io.omniroute.redis.apikey;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import java.util.List;
import java.util.Optional;

/**
 * What changed since an epoch.
 *
 * @param history which history the epochs belong to; after a loss of data there is another one
 * @param epoch up to which epoch the changes reach
 * @param more whether there are more changes than these
 * @param entries the changed keys
 */
record ApiKeyChanges(String history, long epoch, boolean more, List<Entry> entries) {

    /**
     * A changed key.
     *
     * @param record its record, absent for a key that is declared elsewhere
     * @param revoked whether it was revoked
     */
    record Entry(KeyHash hash, Optional<ApiKey> record, boolean revoked) {}
}
