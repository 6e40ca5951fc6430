package io.omniroute.filters.call;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Counts the connections of clients, with and without a call, and closes each new one above the bound before a byte of it is read: a client
 * that is closed at once tries another instance, and connections cost memory before anybody knows whose they are. A management port of its
 * own is not counted, so that an instance that is full can still be asked how it is. Thread-safe.
 */
public final class OpenConnections implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnections.class);
    private static final long BETWEEN_WARNINGS = TimeUnit.MINUTES.toNanos(1);

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong warned = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS);

    /** @param most the most connections at a time */
    public OpenConnections(int most) {
        this.most = most;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((observer, channel, remote) -> accept(channel)));
    }

    /** How many there are at the moment. */
    public int current() {
        return open.get();
    }

    /** Takes a connection, or closes it. */
    void accept(Channel channel) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            channel.close();
            warn();
        } else {
            channel.closeFuture().addListener(closed -> open.decrementAndGet());
        }
    }

    private void warn() {
        long now = System.nanoTime();
        long last = warned.get();
        if (now - last >= BETWEEN_WARNINGS && warned.compareAndSet(last, now)) {
            LOG.warn(
                    "{} connections of clients are open, as many as omniroute.limits.connections allows; new ones are closed",
                    most);
        }
    }
}
