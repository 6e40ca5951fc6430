package io.omniroute.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which proxies accounts may be given at run time: not one of this machine or of a private network, unless the operator lists it, for it
 * would let whoever manages accounts reach what only the gateway can.
 */
public interface RunTimeProxies {

    /**
     * Why an account may not have this proxy; empty if it may, if there is none, and if its name is not known (yet), so that its address is
     * looked at when it is used. Looks the name up, and so waits.
     *
     * @throws IllegalArgumentException if it is no URL of a proxy
     */
    Optional<String> refusal(@Nullable String proxy);
}
