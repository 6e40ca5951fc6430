package io.omniroute.filters.upstream;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.AddressUtils;

/**
 * How many connections one client has to each address, those among them that are being opened: as many as its pool allows leave none to
 * whoever waits. Counted where a connection is made and where it ends, not where it is used. Thread-safe.
 */
final class OpenToProviders {

    private final Map<SocketAddress, Integer> open = new ConcurrentHashMap<>();

    /** The client whose connections are counted here; of no other one. */
    HttpClient counting(HttpClient client) {
        return client.doOnChannelInit((observer, channel, address) -> count(channel, address));
    }

    private void count(Channel channel, @Nullable SocketAddress address) {
        if (address != null) {
            open.merge(address, 1, Integer::sum);
            channel.closeFuture()
                    .addListener(
                            closed -> open.computeIfPresent(address, (known, count) -> count == 1 ? null : count - 1));
        }
    }

    /**
     * Whether the pool lets nobody open one more.
     *
     * @param most how many it allows for each address
     */
    boolean areAll(URI provider, int most) {
        return most > 0 && open.getOrDefault(address(provider), 0) >= most;
    }

    /** As the client itself calls it. */
    private static SocketAddress address(URI provider) {
        boolean tls = "https".equals(provider.getScheme().toLowerCase(Locale.ROOT));
        int port = provider.getPort() > 0 ? provider.getPort() : tls ? 443 : 80;
        return AddressUtils.createUnresolved(provider.getHost().replaceAll("[\\[\\]]", ""), port);
    }
}
