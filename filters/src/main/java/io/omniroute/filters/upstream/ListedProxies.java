package io.omniroute.filters.upstream;

import io.omniroute.config.Addresses;
import io.omniroute.config.ProxyUrl;
import io.omniroute.config.RunTimeProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proxies of the internet, and those that the operator lists. Immutable. */
public final class ListedProxies implements RunTimeProxies {

    /** The setting that lists them. */
    public static final String SETTING = "omniroute.upstream.run-time-proxies";

    private final List<String> listed;

    /** @param listed what the setting says */
    public ListedProxies(List<String> listed) {
        this.listed = List.copyOf(listed);
    }

    @Override
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
