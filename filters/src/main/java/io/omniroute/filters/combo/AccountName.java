package io.omniroute.filters.combo;

import io.omniroute.config.Target;

/**
 * What an account of a target is called over all providers, by those who count and limit.
 *
 * @param account the account: {@code provider@connection}
 * @param model the model there: {@code provider/model@connection}
 */
record AccountName(String account, String model) {

    static AccountName of(Target target, String connection) {
        return new AccountName(target.provider() + "@" + connection, target.name() + "@" + connection);
    }
}
