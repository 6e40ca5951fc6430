package io.omniroute.redis.connection;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Connection;
import io.omniroute.config.Provider;
import io.omniroute.config.UpstreamAuth;
import io.omniroute.redis.cooldown.Cooldown;
import io.omniroute.redis.cooldown.CooldownStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Adds, changes and removes accounts at providers while gateways run; each knows within a second. What is wrong is an
 * {@link IllegalArgumentException} that says so, and shows no secret. Thread-safe.
 */
public final class Connections {

    /**
     * An account as it is listed.
     *
     * @param source where it comes from
     * @param refused how long it is still disabled because the provider has refused its credential; zero if it is not
     */
    public record Listed(String provider, Connection connection, Source source, Duration refused) {}

    /** Where an account comes from. */
    public enum Source {
        /** It is written in YAML, and cannot be changed here. */
        DECLARED,
        /** It was added at run time. */
        ADDED,
        /** It was added at run time, and is not used, because one of that name is declared. */
        HIDDEN
    }

    private static final int MOST_TRIES = 5;

    private final CatalogSource catalog;
    private final ConnectionStore store;
    private final CooldownStore rests;

    /** @param rests knows whose credential was refused */
    public Connections(CatalogSource catalog, ConnectionStore store, CooldownStore rests) {
        this.catalog = catalog;
        this.store = store;
        this.rests = rests;
    }

    /** All of them, the declared ones of a provider first. */
    public Mono<List<Listed>> list() {
        return Mono.zip(store.all(), refused(), this::list);
    }

    private List<Listed> list(List<StoredConnection> added, Map<String, Duration> refused) {
        Catalog declared = catalog.declared();
        List<Listed> all = new ArrayList<>();
        declared.providers()
                .values()
                .forEach(provider -> provider.connections()
                        .values()
                        .forEach(connection -> all.add(listed(provider.id(), connection, Source.DECLARED, refused))));
        added.forEach(one -> {
            Provider provider = declared.providers().get(one.provider());
            boolean hidden = provider != null
                    && provider.connections().containsKey(one.connection().id());
            all.add(listed(one.provider(), one.connection(), hidden ? Source.HIDDEN : Source.ADDED, refused));
        });
        all.sort(Comparator.comparing(Listed::provider));
        return all;
    }

    private static Listed listed(String provider, Connection connection, Source source, Map<String, Duration> refused) {
        return new Listed(
                provider, connection, source, refused.getOrDefault(connection.credential(provider), Duration.ZERO));
    }

    private Mono<Map<String, Duration>> refused() {
        return rests.all()
                .map(all -> all.stream()
                        .filter(rest -> !rest.left().isZero())
                        .collect(Collectors.toMap(Cooldown::subject, Cooldown::left)));
    }

    /** Adds one. */
    public Mono<Void> add(String provider, String id, ConnectionProperties written) {
        return Mono.defer(() -> isThere(provider, id) ? Mono.just(false) : store.add(read(provider, id, written)))
                .flatMap(done -> done
                        ? Mono.<Void>empty()
                        : Mono.error(new IllegalArgumentException(
                                "there is a connection " + provider + "/" + id + " already")));
    }

    /** What is declared goes before what is added, which would never be used. What was added is known to Redis. */
    private boolean isThere(String provider, String id) {
        Provider known = catalog.declared().providers().get(provider);
        return known != null && known.connections().containsKey(id);
    }

    /**
     * Changes one that was added at run time; without a credential of its own it keeps the one that it had.
     *
     * @param written what it is to be, from what it is; may be asked more than once
     */
    public Mono<Void> change(String provider, String id, Function<Connection, ConnectionProperties> written) {
        return changed(provider, id, before -> {
                    Connection after = read(provider, id, written.apply(before)).connection();
                    return after.auth() instanceof UpstreamAuth.None ? withAuth(after, before.auth()) : after;
                })
                .then(forgiven(provider, id))
                .then();
    }

    /**
     * Turns one on or off that was added at run time. One that is disabled because its credential was refused is turned on wherever it
     * comes from.
     */
    public Mono<Void> enable(String provider, String id, boolean enabled) {
        return enabled
                ? forgiven(provider, id).flatMap(on -> on ? Mono.empty() : turned(provider, id, true))
                : turned(provider, id, false);
    }

    /** Lets its credential be used again if it was refused; whether that is all that kept it from being used. */
    private Mono<Boolean> forgiven(String provider, String id) {
        return list().flatMap(all -> Flux.fromIterable(all)
                .filter(one -> one.provider().equals(provider)
                        && one.connection().id().equals(id)
                        && !one.refused().isZero())
                .concatMap(one -> rests.end(one.connection().credential(provider))
                        .thenReturn(one.connection().enabled()))
                .any(on -> on));
    }

    private Mono<Void> turned(String provider, String id, boolean enabled) {
        return changed(
                provider,
                id,
                before -> new Connection(
                        id,
                        before.auth(),
                        enabled,
                        before.priority(),
                        before.weight(),
                        before.pace(),
                        before.tags(),
                        before.proxy()));
    }

    /** Two who change the same one do so one after the other. */
    private Mono<Void> changed(String provider, String id, UnaryOperator<Connection> change) {
        return store.change(provider, id, change)
                .switchIfEmpty(Mono.error(() -> unknown(provider, id)))
                .filter(done -> done)
                .repeatWhenEmpty(tries -> tries.take(MOST_TRIES))
                .switchIfEmpty(Mono.error(() ->
                        new IllegalArgumentException("others change " + provider + "/" + id + " at the same time")))
                .then();
    }

    /** Removes one that was added at run time. */
    public Mono<Void> remove(String provider, String id) {
        return store.remove(provider, id)
                .flatMap(done -> done ? Mono.<Void>empty() : Mono.error(unknown(provider, id)));
    }

    /** Seals everything with the current master key; gives how many were sealed with another. */
    public Mono<Long> sealAnew() {
        return store.sealAnew();
    }

    private StoredConnection read(String provider, String id, ConnectionProperties written) {
        Provider known = catalog.current().providers().get(provider);
        if (known == null) {
            throw new IllegalArgumentException("there is no provider " + provider + " (expected one of: "
                    + String.join(", ", catalog.current().providers().keySet()) + ")");
        }
        List<String> problems = new ArrayList<>();
        Connection connection = CatalogReader.connection(id, written, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new StoredConnection(provider, connection);
    }

    private static Connection withAuth(Connection connection, UpstreamAuth auth) {
        return new Connection(
                connection.id(),
                auth,
                connection.enabled(),
                connection.priority(),
                connection.weight(),
                connection.pace(),
                connection.tags(),
                connection.proxy());
    }

    private static IllegalArgumentException unknown(String provider, String id) {
        return new IllegalArgumentException("no connection " + provider + "/" + id + " was added at run time");
    }
}
