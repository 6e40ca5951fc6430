package io.omniroute.redis.connection;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Connection;
import io.omniroute.config.Provider;
import io.omniroute.redis.Background;
import io.omniroute.redis.RedisGuard;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The declared catalog with the connections that were added at run time. A change is known within a second: it is pushed, and beside
 * that the version is read every 800 ms. While Redis is away the last ones stay. What is declared goes before what was added. Thread-safe.
 */
public final class LiveCatalog extends Background implements CatalogSource {

    private static final Logger LOG = LoggerFactory.getLogger(LiveCatalog.class);
    private static final Duration PERIOD = Duration.ofMillis(800);
    private static final Duration FIRST_READING = Duration.ofSeconds(2);

    private final Catalog declared;
    private final ConnectionStore store;
    private volatile Catalog current;
    /** Accounts that were added once, by provider. */
    private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

    private volatile List<StoredConnection> added = List.of();
    private volatile @Nullable String version;

    /** @param declared what is written in YAML */
    public LiveCatalog(Catalog declared, ConnectionStore store) {
        this.declared = declared;
        this.current = declared;
        this.store = store;
    }

    @Override
    public Catalog current() {
        return current;
    }

    @Override
    public Catalog declared() {
        return declared;
    }

    /** Reads what has changed, now. */
    public Mono<Void> refresh() {
        return store.version()
                .filter(now -> !now.equals(version))
                .flatMap(now -> store.all().doOnNext(all -> {
                    apply(all);
                    version = now;
                }))
                .then();
    }

    /** The first reading is awaited, so that no call is refused for want of an account that is there. */
    @Override
    protected Disposable begin() {
        try {
            refresh().block(FIRST_READING);
        } catch (RuntimeException away) {
            LOG.warn("connections cannot be read from Redis yet: {}", RedisGuard.reason(away));
        }
        Flux<?> polls = Flux.interval(PERIOD, PERIOD).onBackpressureDrop();
        Flux<?> pushes = subscribed(store::pushes, PERIOD).onBackpressureLatest();
        return goesOn(Flux.merge(polls, pushes)
                .onBackpressureLatest()
                .concatMap(wake -> refresh().onErrorResume(this::goOn), 1));
    }

    private void apply(List<StoredConnection> all) {
        if (all.equals(added)) {
            return;
        }
        added = all;
        Map<String, Provider> providers = new LinkedHashMap<>(declared.providers());
        for (StoredConnection one : all) {
            known.computeIfAbsent(one.provider(), provider -> ConcurrentHashMap.newKeySet())
                    .add(one.connection().id());
            Provider provider = providers.get(one.provider());
            if (provider == null) {
                LOG.warn("the connection {} has no provider here", one.name());
            } else if (!provider.connections().containsKey(one.connection().id())) {
                providers.put(one.provider(), with(provider, one.connection()));
            }
        }
        current = declared.with(providers, known);
        LOG.info("{} connections were added at run time", all.size());
    }

    private static Provider with(Provider provider, Connection connection) {
        Map<String, Connection> connections = new LinkedHashMap<>(provider.connections());
        connections.put(connection.id(), connection);
        return provider.with(connections);
    }
}
