package io.omniroute.filters.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.scheduler.Schedulers;

/**
 * Where a proxy is. Its name is looked up when this is made, which may take a while, and after half a minute again, by a thread that may
 * wait; until then the address from before serves, so that asking never waits. Thread-safe.
 */
final class ProxyAddress implements Supplier<InetSocketAddress> {

    private static final Duration KNOWN = Duration.ofSeconds(30);

    private final String host;
    private final int port;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile InetSocketAddress address;
    private volatile long since;

    ProxyAddress(String host, int port) {
        this.host = host;
        this.port = port;
        this.address = new InetSocketAddress(host, port);
        this.since = System.nanoTime();
    }

    @Override
    public InetSocketAddress get() {
        InetSocketAddress known = address;
        boolean old = known.isUnresolved() || System.nanoTime() - since > KNOWN.toNanos();
        if (old && looking.compareAndSet(false, true)) {
            Schedulers.boundedElastic().schedule(this::look);
        }
        return known;
    }

    private void look() {
        try {
            InetSocketAddress found = new InetSocketAddress(host, port);
            if (!found.isUnresolved()) {
                address = found;
            }
            since = System.nanoTime();
        } finally {
            looking.set(false);
        }
    }
}
