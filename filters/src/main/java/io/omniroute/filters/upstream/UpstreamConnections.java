package io.omniroute.filters.upstream;

import io.netty.channel.ChannelOption;
import io.omniroute.config.Catalog;
import java.nio.file.Path;
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
    private final UpstreamProperties settings;
    private final Supplier<Catalog> catalog;

    /** @param connect the usual connect deadline */
    public UpstreamConnections(Duration connect, UpstreamProperties settings, Supplier<Catalog> catalog) {
        this.connect = connect;
        this.settings = settings;
        this.catalog = catalog;
    }

    @Override
    public HttpClient customize(HttpClient client) {
        HttpClient direct = client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connect.toMillis())
                .option(ChannelOption.TCP_NODELAY, true);
        Path caBundle = settings.caBundle();
        boolean trusts = caBundle != null && !caBundle.toString().isEmpty();
        HttpClient trusting = caBundle != null && trusts ? UpstreamTrust.with(direct, caBundle) : direct;
        return new UpstreamProxy(settings, catalog).with(trusting);
    }
}
