package io.omniroute.filters.combo;

import io.omniroute.config.Connection;
import io.omniroute.config.Deadlines;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.OperationCodec;

/**
 * One try of one target.
 *
 * @param target what is called
 * @param provider whose it is
 * @param connection the account that is used
 * @param format the format that is spoken with the provider
 * @param codec how that format reads and writes the call's operation
 * @param deadlines the provider's, with what the target sets for itself
 * @param account the name of the account over all providers: {@code provider@connection}
 * @param name the name of the model at the account: {@code provider/model@connection}
 */
public record Attempt(
        Target target,
        Provider provider,
        Connection connection,
        ApiFormat format,
        OperationCodec codec,
        Deadlines deadlines,
        String account,
        String name) {}
