package io.omniroute.filters.upstream;

import io.netty.channel.ChannelOption;
import io.omniroute.config.Catalog;
import io.omniroute.filters.combo.AttemptExchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.http.HttpHeaders;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;

/**
 * The gateway's connections to providers: the usual connect deadline, no event that waits for a later one, and the way
 * there (proxy, trust). Has the last word on an attempt's headers.
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
                .option(ChannelOption.TCP_NODELAY, true)
                .doOnRequest((request, connection) -> request.currentContextView()
                        .<AttemptExchange>getOrEmpty(AttemptExchange.class)
                        .ifPresent(attempt -> lastWord(request, attempt)));
        Path caBundle = settings.caBundle();
        boolean trusts = caBundle != null && !caBundle.toString().isEmpty();
        HttpClient trusting = caBundle != null && trusts ? UpstreamTrust.with(direct, caBundle) : direct;
        return new UpstreamProxy(settings, catalog).with(trusting);
    }

    /**
     * The headers of an attempt are exactly those that the stages put there, whatever filters of the gateway or of the
     * application (forwarding, tracing) have added since; and the credential, which none of those has seen.
     */
    private static void lastWord(HttpClientRequest request, AttemptExchange attempt) {
        HttpHeaders wanted = attempt.getRequest().getHeaders();
        for (String name : request.requestHeaders().names()) {
            boolean ours = wanted.containsHeader(name) || name.equalsIgnoreCase(HttpHeaders.HOST);
            if (!ours && !name.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING)) {
                request.requestHeaders().remove(name);
            }
        }
        attempt.credentials().forEach((name, values) -> request.requestHeaders().set(name, values));
    }
}
