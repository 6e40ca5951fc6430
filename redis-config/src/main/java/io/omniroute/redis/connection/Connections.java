package io.omniroute.redis.connection;

import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogProperties.ConnectionProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Connection;
import io.omniroute.config.Provider;
import io.omniroute.config.UpstreamAuth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Adds, changes and removes accounts at providers while gateways run; each knows within a second. What is wrong is an
 * {@link IllegalArgumentException} that says so, and shows no secret. Thread-safe.
 */
public final class Connections {

    /**
     * An account as it is listed.
     *
     * @param declared whether it is written in YAML, and cannot be changed here
     */
    public record Listed(String provider, Connection connection, boolean declared) {}

    private final CatalogSource catalog;
    private final ConnectionStore store;

    public Connections(CatalogSource catalog, ConnectionStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** All of them, the declared ones of a provider first. */
    public Mono<List<Listed>> list() {
        Catalog current = catalog.current();
        return store.all().map(added -> {
            List<String> names = added.stream().map(StoredConnection::name).toList();
            List<Listed> all = new ArrayList<>();
            current.providers()
                    .values()
                    .forEach(provider -> provider.connections().values().stream()
                            .filter(connection -> !names.contains(provider.id() + "/" + connection.id()))
                            .forEach(connection -> all.add(new Listed(provider.id(), connection, true))));
            added.forEach(one -> all.add(new Listed(one.provider(), one.connection(), false)));
            all.sort(Comparator.comparing(Listed::provider));
            return all;
        });
    }

    /** Adds one. */
    public Mono<Void> add(String provider, String id, ConnectionProperties written) {
        return Mono.defer(() -> store.add(read(provider, id, written)))
                .flatMap(done -> done
                        ? Mono.<Void>empty()
                        : Mono.error(new IllegalArgumentException(
                                "there is a connection " + provider + "/" + id + " already")));
    }

    /** Replaces one that was added at run time; without a credential of its own it keeps the one that it had. */
    public Mono<Void> replace(String provider, String id, ConnectionProperties written) {
        return added(provider, id).flatMap(before -> {
            Connection after = read(provider, id, written).connection();
            boolean keeps = after.auth() instanceof UpstreamAuth.None;
            return store.replace(new StoredConnection(
                            provider,
                            keeps ? withAuth(after, before.connection().auth()) : after))
                    .then();
        });
    }

    /** Turns one on or off that was added at run time. */
    public Mono<Void> enable(String provider, String id, boolean enabled) {
        return added(provider, id)
                .flatMap(before -> store.replace(new StoredConnection(
                        provider,
                        new Connection(
                                id,
                                before.connection().auth(),
                                enabled,
                                before.connection().priority(),
                                before.connection().weight(),
                                before.connection().pace(),
                                before.connection().tags(),
                                before.connection().proxy()))))
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

    private Mono<StoredConnection> added(String provider, String id) {
        return store.all()
                .flatMap(all -> Mono.justOrEmpty(all.stream()
                        .filter(one -> one.provider().equals(provider)
                                && one.connection().id().equals(id))
                        .findFirst()))
                .switchIfEmpty(Mono.error(() -> unknown(provider, id)));
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
