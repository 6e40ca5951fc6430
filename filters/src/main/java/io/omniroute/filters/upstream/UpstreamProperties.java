package io.omniroute.filters.upstream;

import java.nio.file.Path;
import java.util.List;
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
 * @param noProxy hosts without a proxy: names, {@code .suffix}, addresses, or {@code *} for all; loopback never has one
 */
@ConfigurationProperties("omniroute.upstream")
public record UpstreamProperties(
        @Nullable Path caBundle,
        @DefaultValue("") String httpsProxy,
        @DefaultValue("") String httpProxy,
        @DefaultValue List<String> noProxy,
        @DefaultValue("5") int continuations) {}
