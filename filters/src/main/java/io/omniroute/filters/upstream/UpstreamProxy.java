package io.omniroute.filters.upstream;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Connection;
import io.omniroute.config.Provider;
import io.omniroute.config.ProxyUrl;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/**
 * Sends calls to providers through a proxy, by the conventions of {@code HTTPS_PROXY}, {@code HTTP_PROXY} and
 * {@code NO_PROXY}. Where only one of the two is set, providers of the other scheme are called directly.
 */
final class UpstreamProxy {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamProxy.class);

    private static final Duration KNOWN = Duration.ofSeconds(30);

    private final UpstreamProperties settings;
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.+]|[^:]+):(\\d{1,5})");

    private final Supplier<CatalogSource> catalog;
    private final Map<URI, Way> ways = new ConcurrentHashMap<>();

    UpstreamProxy(UpstreamProperties settings, Supplier<CatalogSource> catalog) {
        this.settings = settings;
        this.catalog = catalog;
    }

    /** Whether providers with http have a proxy of their own, beside the one of those with https. */
    boolean hasTwo() {
        return !settings.httpsProxy().isBlank() && !settings.httpProxy().isBlank();
    }

    /** Whether an account was added at run time, and not declared. */
    boolean isAdded(Provider provider, Connection account) {
        Provider declared = catalog.get().declared().providers().get(provider.id());
        return declared == null || !declared.connections().containsKey(account.id());
    }

    /** Which way leads to a provider. */
    enum Way {
        /** Without a proxy, so that the provider's name is looked up by who never waits. */
        DIRECT,
        /** Through the proxy that the client has. */
        USUAL,
        /** Through that of providers with http, where both are set. */
        HTTP
    }

    /** Which way leads to a provider with that base URL. */
    Way to(URI provider) {
        return ways.computeIfAbsent(provider, url -> {
            if (settings.httpsProxy().isBlank() && settings.httpProxy().isBlank()) {
                return Way.USUAL;
            }
            int port = url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
            if (isDirect(InetSocketAddress.createUnresolved(url.getHost(), port))) {
                return Way.DIRECT;
            }
            return hasTwo() && "http".equals(url.getScheme()) ? Way.HTTP : Way.USUAL;
        });
    }

    /** The client for providers with http, where they have a proxy of their own. */
    HttpClient forHttp(HttpClient client) {
        return client.proxy(spec -> configure(spec, settings.httpProxy()));
    }

    HttpClient with(HttpClient client) {
        String proxy = settings.httpsProxy().isBlank() ? settings.httpProxy() : settings.httpsProxy();
        return proxy.isBlank() ? client : client.proxy(spec -> configure(spec, proxy));
    }

    private void configure(ProxyProvider.TypeSpec spec, String proxy) {
        try {
            ProxyUrl url = ProxyUrl.of(proxy);
            Supplier<InetSocketAddress> address = new ProxyAddress(url.host(), url.port());
            named(spec.type(ProxyProvider.Proxy.HTTP).socketAddress(address), url)
                    .nonProxyHostsPredicate(this::isDirect);
        } catch (IllegalArgumentException noUrl) {
            throw new IllegalStateException("omniroute.upstream: the proxy: " + noUrl.getMessage(), noUrl);
        }
    }

    /**
     * Sends everything through the proxy of an account, which also looks up the names of providers. Its own name is looked up by a thread
     * that may wait, and then for a while not again.
     *
     * @param check throws if the address that was found must not be used
     */
    static HttpClient only(HttpClient client, ProxyUrl proxy, Consumer<InetSocketAddress> check) {
        Mono<InetSocketAddress> address = Mono.fromCallable(() -> new InetSocketAddress(proxy.host(), proxy.port()))
                .doOnNext(check)
                .subscribeOn(Schedulers.boundedElastic())
                .cache(
                        found -> found.isUnresolved() ? Duration.ZERO : KNOWN,
                        failed -> Duration.ZERO,
                        () -> Duration.ZERO);
        return client.resolver(NoopAddressResolverGroup.INSTANCE)
                .proxyWhen((config, spec) -> address.map(
                        known -> named(spec.type(ProxyProvider.Proxy.HTTP).socketAddress(known), proxy)));
    }

    /**
     * Requires that a proxy which was set at run time is one that accounts may be given: what its name stands for may have changed since.
     */
    void requirePublic(InetSocketAddress proxy) {
        InetAddress address = proxy.getAddress();
        if (address == null) {
            // else it would be looked up once more, by somebody who does not check
            throw ApiError.upstream(
                            ErrorKind.UPSTREAM_ERROR,
                            ErrorScope.CONNECTION,
                            "the host name of the account's proxy is not known")
                    .exception();
        }
        if (!new ListedProxies(settings.runTimeProxies()).mayBe(proxy)) {
            LOG.warn(
                    "an account's proxy, {}, has a private address that is not listed in {}",
                    proxy.getHostString(),
                    ListedProxies.SETTING);
            throw ApiError.upstream(
                            ErrorKind.UPSTREAM_ERROR, ErrorScope.CONNECTION, "the way to the provider is not open")
                    .exception();
        }
    }

    private static ProxyProvider.Builder named(ProxyProvider.Builder builder, ProxyUrl proxy) {
        return proxy.user().isEmpty() ? builder : builder.username(proxy.user()).password(name -> proxy.password());
    }

    private boolean isDirect(SocketAddress address) {
        if (!(address instanceof InetSocketAddress target)) {
            return true;
        }
        String host = target.getHostString().toLowerCase(Locale.ROOT);
        return isLoopback(target, host)
                || isExcepted(host, target.getPort(), settings.noProxy())
                || hasOtherScheme(host);
    }

    private static boolean isLoopback(InetSocketAddress target, String host) {
        InetAddress resolved = target.getAddress();
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || (resolved != null && resolved.isLoopbackAddress());
    }

    /** Whether one of them means the host: a name, what is below it, an address or a network, with a port or without. */
    static boolean isExcepted(String host, int port, List<String> exceptions) {
        return exceptions.stream()
                .map(exception -> exception.strip().toLowerCase(Locale.ROOT))
                .filter(exception -> !exception.isEmpty())
                .anyMatch(exception -> isMeant(exception, host, port));
    }

    private static boolean isMeant(String exception, String host, int port) {
        Matcher withPort = WITH_PORT.matcher(exception);
        boolean hasPort = withPort.matches();
        if (hasPort && Integer.parseInt(withPort.group(2)) != port) {
            return false;
        }
        String name = (hasPort ? withPort.group(1) : exception).replaceAll("[\\[\\]]", "");
        if (name.contains("/")) {
            return isInside(host, name);
        }
        String suffix = name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
        return name.equals("*") || host.equals(name) || host.endsWith(suffix);
    }

    /** Whether an address is one of a network; a name is not looked up for that. */
    private static boolean isInside(String host, String network) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            return false;
        }
        try {
            return new IpSubnetFilterRule(network, IpFilterRuleType.ACCEPT)
                    .matches(new InetSocketAddress(InetAddress.getByAddress(address), 1));
        } catch (IllegalArgumentException | UnknownHostException noNetwork) {
            return false;
        }
    }

    private boolean hasOtherScheme(String host) {
        if (hasTwo()) {
            return false;
        }
        String scheme = settings.httpsProxy().isBlank() ? "http" : "https";
        Set<String> hosts = catalog.get().current().providers().values().stream()
                .map(Provider::baseUrl)
                .filter(url -> scheme.equals(url.getScheme()))
                .map(url -> url.getHost().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return !hosts.contains(host);
    }
}
