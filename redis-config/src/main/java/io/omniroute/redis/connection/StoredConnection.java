package io.omniroute.redis.connection;

import io.omniroute.config.Connection;

/**
 * An account that was added at run time.
 *
 * @param provider whose account it is
 * @param connection the account, with its secrets
 */
public record StoredConnection(String provider, Connection connection) {

    /** Its name over all providers, {@code provider/connection}. */
    public String name() {
        return provider + "/" + connection.id();
    }
}
