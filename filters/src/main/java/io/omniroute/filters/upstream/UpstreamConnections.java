package io.omniroute.filters.upstream;

import io.netty.channel.ChannelOption;
import io.omniroute.config.CatalogSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import reactor.netty.http.client.HttpClient;

/**
 * The gateway's connections to providers: the usual connect deadline, no event that waits for a later one, and the way
 * there (proxy, trust).
 */
public final class UpstreamConnections implements HttpClientCustomizer {

    private final Duration connect;
    private final boolean tls;
    private final UpstreamProperties settings;
    private final Supplier<CatalogSource> catalog;

    /**
     * @param connect the usual connect deadline
     * @param tls whether any provider has https
     */
    public UpstreamConnections(
            Duration connect, boolean tls, UpstreamProperties settings, Supplier<CatalogSource> catalog) {
        this.tls = tls;
        this.connect = connect;
        this.settings = settings;
        this.catalog = catalog;
    }

    @Override
    public HttpClient customize(HttpClient client) {
        HttpClient direct = client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
                .option(ChannelOption.TCP_NODELAY, true);
        HttpClient trusting = settings.trusted()
                .map(caBundle -> UpstreamTrust.with(direct, caBundle))
                .orElseGet(() -> usual(direct));
        return new UpstreamProxy(settings, catalog).with(trusting);
    }

    /** What the JDK trusts is read from files, which the first call must not do on its event loop. */
    private HttpClient usual(HttpClient client) {
        return tls ? client.secure() : client;
    }
}
