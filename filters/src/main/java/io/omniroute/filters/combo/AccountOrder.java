package io.omniroute.filters.combo;

import io.omniroute.config.Connection;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import java.util.List;

/** In which order the accounts of a provider are tried for a target. */
@FunctionalInterface
interface AccountOrder {

    /** All that may be used, each once. */
    List<Connection> of(Provider provider, Target target);
}
