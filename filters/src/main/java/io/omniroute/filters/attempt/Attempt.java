package io.omniroute.filters.attempt;

import io.omniroute.config.Connection;
import io.omniroute.config.Deadlines;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.OperationCodec;
import java.util.List;

/**
 * One try of one target.
 *
 * @param target what is called
 * @param provider whose it is
 * @param connection the account that is used
 * @param format the format that is spoken with the provider
 * @param codec how that format reads and writes the call's operation
 * @param deadlines the provider's, with what the target sets for itself
 * @param names what the account is called over all providers
 */
public record Attempt(
        Target target,
        Provider provider,
        Connection connection,
        ApiFormat format,
        OperationCodec codec,
        Deadlines deadlines,
        AccountName names) {

    /** What these attempts try. */
    public static List<Target> targets(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::target).toList();
    }

    /** The name of the account over all providers: {@code provider@connection}. */
    public String account() {
        return names.account();
    }

    /** The name of the model at the account: {@code provider/model@connection}. */
    public String name() {
        return names.model();
    }
}
