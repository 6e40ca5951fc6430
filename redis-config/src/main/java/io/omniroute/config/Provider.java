package io.omniroute.config;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A vendor's (or one's own) API.
 *
 * @param id the first segment of its models' names
 * @param baseUrl what the vendor's own SDK takes, version included, without a trailing slash
 * @param formats the formats that it speaks, the preferred first
 * @param connections its accounts by id, in the order of declaration
 * @param accounts the name of the strategy that orders its accounts
 * @param accountsSticky how many turns in a row an account has where they take turns
 * @param models its declared models by id
 * @param undeclaredModels whether a model that is not declared can be called
 * @param paths the path of an operation, where it differs from the format's
 * @param requestHeaders further request headers, in lower case, that go from the client to it
 * @param headers fixed headers of every request to it
 * @param unsupported request fields that it refuses, such as {@code stream_options}
 * @param facts what is configured of it, which goes before what comes with the gateway
 * @param deadlines the deadlines of calls to it
 */
public record Provider(
        String id,
        URI baseUrl,
        List<String> formats,
        Map<String, Connection> connections,
        String accounts,
        int accountsSticky,
        Map<String, Model> models,
        boolean undeclaredModels,
        Map<String, String> paths,
        Set<String> requestHeaders,
        Map<String, String> headers,
        Set<String> unsupported,
        Facts facts,
        Deadlines deadlines) {

    public Provider {
        formats = List.copyOf(formats);
        connections = Ordered.copyOf(connections);
        models = Ordered.copyOf(models);
        paths = Map.copyOf(paths);
        requestHeaders = Set.copyOf(requestHeaders);
        headers = Map.copyOf(headers);
        unsupported = Set.copyOf(unsupported);
    }

    /** The same with other connections. */
    public Provider with(Map<String, Connection> others) {
        return new Provider(
                id,
                baseUrl,
                formats,
                others,
                accounts,
                accountsSticky,
                models,
                undeclaredModels,
                paths,
                requestHeaders,
                headers,
                unsupported,
                facts,
                deadlines);
    }

    /** The enabled connections, the lowest priority first; only the named one, if one is named. */
    public List<Connection> enabled(Optional<String> named) {
        return connections.values().stream()
                .filter(Connection::enabled)
                .filter(connection -> named.isEmpty() || named.get().equals(connection.id()))
                .sorted(Comparator.comparingInt(Connection::priority))
                .toList();
    }

    /** Whether a model of that id may be called: it is declared, or the provider takes undeclared ones. */
    public boolean takes(String model) {
        return undeclaredModels || models.containsKey(model);
    }

    /** What is configured of a model: its own facts before the provider's. */
    public Facts factsOf(String model) {
        Model declared = models.get(model);
        return declared == null ? facts : facts.with(declared.facts());
    }

    /** Whether a model can be asked for an operation; an undeclared model is not known not to. */
    public boolean offers(String model, String operation) {
        Model declared = models.get(model);
        return declared == null || declared.operations().contains(operation);
    }
}
