package io.omniroute.redis.connection;

import io.omniroute.config.Connection;
import io.omniroute.config.Pace;
import io.omniroute.config.Secret;
import io.omniroute.config.UpstreamAuth;
import io.omniroute.redis.secret.MasterKeys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The records of connections as they are stored: JSON with a version, {@code v}, whose {@code sealed} has all that is secret. */
final class ConnectionRecords {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int VERSION = 1;

    private final MasterKeys keys;

    ConnectionRecords(MasterKeys keys) {
        this.keys = keys;
    }

    String write(StoredConnection stored) {
        Connection connection = stored.connection();
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("v", VERSION);
        record.put("enabled", connection.enabled());
        record.put("priority", connection.priority());
        record.put("weight", connection.weight());
        record.put("tags", connection.tags());
        Pace pace = connection.pace();
        record.put(
                "pace",
                Map.of(
                        "rpm", pace.rpm(),
                        "min_gap_ms", pace.gap().toMillis(),
                        "max_concurrent", pace.concurrent(),
                        "queue", pace.queue(),
                        "queue_ms", pace.queueTime().toMillis()));
        if (connection.auth() instanceof UpstreamAuth.Header named) {
            record.put("header", named.name());
        }
        Map<String, String> secrets = new LinkedHashMap<>();
        credential(connection.auth()).ifPresent(secret -> secrets.put("credential", secret.value()));
        connection.proxy().ifPresent(secret -> secrets.put("proxy", secret.value()));
        if (!secrets.isEmpty()) {
            record.put("sealed", keys.seal(JSON.writeValueAsString(secrets), stored.name()));
        }
        return JSON.writeValueAsString(record);
    }

    /** @throws RuntimeException if it cannot be read, or not be opened */
    StoredConnection read(String name, String written) {
        JsonNode record = JSON.readTree(written);
        if (record.path("v").asInt(0) != VERSION) {
            throw new IllegalStateException(
                    "its record has version " + record.path("v").asInt(0));
        }
        int slash = name.indexOf('/');
        String provider = name.substring(0, slash);
        JsonNode sealed = record.path("sealed");
        JsonNode secrets = JSON.readTree(sealed.isString() ? keys.open(sealed.stringValue(), name) : "{}");
        JsonNode pace = record.path("pace");
        return new StoredConnection(
                provider,
                new Connection(
                        name.substring(slash + 1),
                        auth(text(record, "header"), text(secrets, "credential")),
                        record.path("enabled").asBoolean(true),
                        record.path("priority").asInt(0),
                        record.path("weight").asInt(1),
                        new Pace(
                                pace.path("rpm").asInt(0),
                                Duration.ofMillis(pace.path("min_gap_ms").asLong(0)),
                                pace.path("max_concurrent").asInt(0),
                                pace.path("queue").asInt(0),
                                Duration.ofMillis(pace.path("queue_ms").asLong(0))),
                        record.path("tags").values().stream()
                                .map(tag -> tag.asString(""))
                                .collect(Collectors.toUnmodifiableSet()),
                        Optional.ofNullable(text(secrets, "proxy")).map(Secret::new)));
    }

    /** The id of the key that a record is sealed with; empty if it has no secrets. */
    static String keyOf(String written) {
        return MasterKeys.idOf(JSON.readTree(written).path("sealed").asString(""));
    }

    private static UpstreamAuth auth(@Nullable String header, @Nullable String credential) {
        if (credential == null) {
            return new UpstreamAuth.None();
        }
        Secret secret = new Secret(credential);
        return header == null ? new UpstreamAuth.FormatDefault(secret) : new UpstreamAuth.Header(header, secret);
    }

    private static Optional<Secret> credential(UpstreamAuth auth) {
        return switch (auth) {
            case UpstreamAuth.FormatDefault usual -> Optional.of(usual.credential());
            case UpstreamAuth.Header named -> Optional.of(named.credential());
            case UpstreamAuth.None none -> Optional.empty();
        };
    }

    private static @Nullable String text(JsonNode record, String name) {
        JsonNode value = record.path(name);
        return value.isString() ? value.stringValue() : null;
    }
}
