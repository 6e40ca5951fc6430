package io.omniroute.config;

import io.omniroute.config.CatalogProperties.ConnectionProperties;
import java.util.Locale;
import java.util.Optional;

/** Reads the accounts of providers. */
final class ConnectionReader {

    private final Problems problems;

    /** @param problems takes what is wrong */
    ConnectionReader(Problems problems) {
        this.problems = problems;
    }

    /** The connection that is written there. */
    Connection read(String where, String id, ConnectionProperties connection) {
        if (connection.weight() < 0) {
            problems.add(where + ".weight", "is negative");
        }
        String key = connection.apiKey();
        if (key != null && key.isBlank()) {
            problems.add(where + ".api-key", "is empty (leave it out for a server that takes none)");
        }
        if (key == null && connection.header() != null) {
            problems.add(where + ".header", "names a header, but there is no api-key to put into it");
        }
        if (key == null || key.isBlank()) {
            return new Connection(
                    id,
                    new UpstreamAuth.None(),
                    connection.enabled(),
                    connection.priority(),
                    connection.weight(),
                    pace(where, connection),
                    connection.tags(),
                    proxy(where, connection));
        }
        problems.unresolved(where + ".api-key", key);
        if (key.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            problems.add(where + ".api-key", "has blanks, line ends or characters that a header cannot carry");
        }
        Secret secret = new Secret(key);
        String header = connection.header();
        if (header != null && !CatalogReader.HEADER_NAME.matcher(header).matches()) {
            problems.add(where + ".header", "is not the name of a header");
        } else if (header != null && CatalogReader.OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
            problems.add(where + ".header", "is a header that the gateway sets itself");
        }
        UpstreamAuth auth =
                header == null ? new UpstreamAuth.FormatDefault(secret) : new UpstreamAuth.Header(header, secret);
        return new Connection(
                id,
                auth,
                connection.enabled(),
                connection.priority(),
                connection.weight(),
                pace(where, connection),
                connection.tags(),
                proxy(where, connection));
    }

    private Optional<Secret> proxy(String where, ConnectionProperties connection) {
        String proxy = connection.proxy();
        if (proxy == null || proxy.isBlank() || problems.unresolved(where + ".proxy", proxy)) {
            return Optional.empty();
        }
        if (!ProxyUrl.isOne(proxy)) {
            problems.add(where + ".proxy", "is not a URL such as http://proxy:3128");
            return Optional.empty();
        }
        return Optional.of(new Secret(proxy));
    }

    private Pace pace(String where, ConnectionProperties connection) {
        int rpm = notNegative(where + ".rpm", connection.rpm());
        int concurrent = notNegative(where + ".max-concurrent", connection.maxConcurrent());
        int queue = notNegative(where + ".queue", connection.queue());
        if (connection.minGap().isNegative() || connection.queueTime().isNegative()) {
            problems.add(where, "min-gap and queue-time cannot be negative");
        }
        return new Pace(rpm, connection.minGap(), concurrent, queue, connection.queueTime());
    }

    private int notNegative(String where, int number) {
        if (number < 0) {
            problems.add(where, "is negative");
        }
        return Math.max(0, number);
    }
}
