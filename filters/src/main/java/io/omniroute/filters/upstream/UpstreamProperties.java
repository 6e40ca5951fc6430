package io.omniroute.filters.upstream;

import io.omniroute.config.CatalogSource;
import io.omniroute.config.CheckedSettings;
import io.omniroute.config.ProxyUrl;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The way to the providers.
 *
 * @param caBundle a PEM file with certificate authorities that are trusted beside the JDK's own
 * @param httpsProxy the proxy for providers with https, such as {@code http://user:password@proxy:3128}
 * @param httpProxy the proxy for providers with http
 * @param continuations how often a provider that pauses its own work is asked to go on, for clients whose format has no pauses
 * @param runTimeProxies proxies that accounts may be given at run time although their addresses are private: names, addresses, networks,
 *     each with a port or without
 * @param noProxy hosts without a proxy: names, {@code .suffix}, addresses, or {@code *} for all; loopback never has one
 */
@ConfigurationProperties("omniroute.upstream")
public record UpstreamProperties(
        @Nullable Path caBundle,
        @DefaultValue("") String httpsProxy,
        @DefaultValue("") String httpProxy,
        @DefaultValue List<String> noProxy,
        @DefaultValue List<String> runTimeProxies,
        @DefaultValue("5") int continuations)
        implements CheckedSettings {

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        trusted().flatMap(UpstreamTrust::problem).ifPresent(problems::add);
        proxy("https-proxy", httpsProxy).ifPresent(problems::add);
        proxy("http-proxy", httpProxy).ifPresent(problems::add);
        return problems;
    }

    /**
     * Whether calls of a provider with that base URL go through a proxy.
     *
     * @param catalog says which hosts have providers of which scheme
     */
    public boolean isBehindProxy(URI provider, CatalogSource catalog) {
        String proxy = "https".equals(provider.getScheme()) ? httpsProxy : httpProxy;
        return !proxy.isBlank() && new UpstreamProxy(this, () -> catalog).to(provider) != UpstreamProxy.Way.DIRECT;
    }

    /** What is trusted beside the JDK's own authorities. */
    Optional<Path> trusted() {
        return Optional.ofNullable(caBundle).filter(file -> !file.toString().isEmpty());
    }

    private static Optional<String> proxy(String name, String url) {
        try {
            if (!url.isBlank()) {
                ProxyUrl.of(url);
            }
            return Optional.empty();
        } catch (IllegalArgumentException wrong) {
            return Optional.of("omniroute.upstream." + name + ": " + wrong.getMessage());
        }
    }
}
