package io.omniroute.filters.combo;

import io.omniroute.config.Connection;
import io.omniroute.config.Target;

/**
 * What an account of a target is called over all providers, by those who count and limit.
 *
 * @param account the account: {@code provider@connection}
 * @param model the model there: {@code provider/model@connection}
 * @param credential the account's credential, as long as it has that one
 */
public record AccountName(String account, String model, String credential) {

    static AccountName of(Target target, Connection connection) {
        return new AccountName(
                connection.account(target.provider()),
                target.name() + "@" + connection.id(),
                connection.credential(target.provider()));
    }
}
