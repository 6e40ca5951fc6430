package io.omniroute.filters.upstream;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.omniroute.config.ProxyUrl;
import io.omniroute.config.Secret;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.call.ClientLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * The gateway's HTTP client as an attempt needs it: with its own connect deadline, and on the event loop of the client's
 * connection, with a connection pool of that loop, so that no byte of a call changes threads.
 */
public final class UpstreamClients {

    private record View(
            @Nullable EventLoop loop,
            Duration connect,
            Optional<Secret> proxy,
            boolean addedProxy,
            UpstreamProxy.Way way) {}

    /**
     * A view's client.
     *
     * @param open its connections
     */
    private record Pooled(HttpClient client, OpenToProviders open) {}

    private final HttpClient client;
    private final HttpClient forHttp;
    private final HttpClient direct;
    private final Duration usual;
    private final UpstreamProxy proxies;
    /** How many connections a pool has at most to an address, as far as that is bounded. */
    private final int most;

    private final Map<View, Pooled> views = new ConcurrentHashMap<>();

    /**
     * @param client with pool, proxy and trust as the application set them
     * @param usual the connect deadline that it was built with
     * @param proxies knows whether providers with http have another proxy than the client's
     */
    UpstreamClients(HttpClient client, Duration usual, UpstreamProxy proxies) {
        // some providers compress what nobody has asked them to
        this.client = SurplusBytes.closing(InterimHeads.passBy(client.compress(true)));
        this.direct = this.client.noProxy();
        this.forHttp = proxies.hasTwo() ? proxies.forHttp(this.client) : this.client;
        this.most = client.configuration().connectionProvider().maxConnections();
        this.usual = usual;
        this.proxies = proxies;
    }

    /** The client for an attempt, which is told how to know whether it waits for a connection of the gateway's own. */
    HttpClient of(AttemptExchange attempt) {
        Pooled pooled = views.computeIfAbsent(
                new View(
                        ClientLoop.of(attempt.call().getRequest()),
                        attempt.attempt().deadlines().connect(),
                        attempt.attempt().connection().proxy(),
                        attempt.attempt().connection().proxy().isPresent()
                                && proxies.isAdded(
                                        attempt.attempt().provider(),
                                        attempt.attempt().connection()),
                        proxies.to(attempt.attempt().provider().baseUrl())),
                this::view);
        attempt.waitsWhile(
                () -> pooled.open().areAll(attempt.attempt().provider().baseUrl(), most));
        return pooled.client();
    }

    private Pooled view(View view) {
        HttpClient on = view.proxy()
                .map(proxy -> UpstreamProxy.only(
                        client, ProxyUrl.of(proxy.value()), view.addedProxy() ? proxies::requirePublic : address -> {}))
                .orElseGet(() -> switch (view.way()) {
                    case USUAL -> client;
                    case HTTP -> forHttp;
                    case DIRECT -> direct;
                });
        HttpClient patient = view.connect().equals(usual)
                ? on
                : on.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        view.connect().toMillis());
        EventLoop loop = view.loop();
        OpenToProviders open = new OpenToProviders();
        return new Pooled(open.counting(loop == null ? patient : patient.runOn(new OneLoop(loop))), open);
    }

    /** Resources of which all are one event loop. */
    private record OneLoop(EventLoop loop) implements LoopResources {

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loop;
        }
    }
}
