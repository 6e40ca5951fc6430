package io.omniroute.filters.upstream;

import io.omniroute.config.Addresses;
import io.omniroute.config.ProxyUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which proxies accounts may be given at run time: not one of this machine or of a private network, unless the operator lists it, for it
 * would let whoever manages accounts reach what only the gateway can. Immutable.
 */
public final class RunTimeProxies {

    /** The setting that lists them. */
    public static final String SETTING = "omniroute.upstream.run-time-proxies";

    private final List<String> listed;

    /** @param listed what the setting says */
    public RunTimeProxies(List<String> listed) {
        this.listed = List.copyOf(listed);
    }

    /**
     * Why an account may not have this proxy; empty if it may, if there is none, and if its name is not known (yet), so that its address is
     * looked at when it is used. Looks the name up, and so waits.
     *
     * @throws IllegalArgumentException if it is no URL of a proxy
     */
    public Optional<String> refusal(@Nullable String proxy) {
        if (proxy == null || proxy.isEmpty()) {
            return Optional.empty();
        }
        ProxyUrl url = ProxyUrl.of(proxy);
        return mayBe(new InetSocketAddress(url.host(), url.port()))
                ? Optional.empty()
                : Optional.of("the proxy " + url.host() + ":" + url.port()
                        + " has a private address, so an account may use it only if " + SETTING + " lists it");
    }

    /** Whether a proxy may have this address; one that is not known may. */
    boolean mayBe(InetSocketAddress proxy) {
        InetAddress address = proxy.getAddress();
        return address == null
                || !Addresses.isPrivate(address)
                || UpstreamProxy.isExcepted(proxy.getHostString().toLowerCase(Locale.ROOT), proxy.getPort(), listed)
                || UpstreamProxy.isExcepted(address.getHostAddress(), proxy.getPort(), listed);
    }
}
