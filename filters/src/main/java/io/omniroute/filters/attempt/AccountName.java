package io.omniroute.filters.attempt;

import io.omniroute.config.Connection;
import io.omniroute.config.Target;

/**
 * The names under which rests, quotas, statistics and paces of a target's account are kept, by all instances.
 *
 * @param account the account, such as {@code openai@main}
 * @param model the model at the account, such as {@code openai/gpt-5.1@main}
 * @param credential the account with the credential that it has now, so that a new one does not rest for what the old one met
 */
public record AccountName(String account, String model, String credential) {

    /** The names of a target's account. */
    public static AccountName of(Target target, Connection connection) {
        return new AccountName(
                connection.account(target.provider()),
                target.name() + "@" + connection.id(),
                connection.credential(target.provider()));
    }
}
