package io.omniroute.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/** Tells Spring Boot's Redis support what a {@link RedisUrl} says. */
public final class RedisUrlConnectionDetails implements DataRedisConnectionDetails {

    private final RedisUrl url;
    private final @Nullable SslBundle tls;
    private final SentinelUser sentinelUser;

    /**
     * Who sentinels are told that the gateway is.
     *
     * @param name empty for none
     * @param password of the sentinels, empty if they have none; {@code null} if it is that of the servers
     */
    public record SentinelUser(String name, @Nullable String password) {}

    /** With what the URL says for sentinels too. */
    public RedisUrlConnectionDetails(RedisUrl url, @Nullable SslBundle tls) {
        this(url, tls, new SentinelUser("", null));
    }

    /**
     * @param url where Redis is
     * @param tls what to trust and who to be, if the URL asks for TLS
     * @param sentinelUser used if the URL names sentinels
     */
    public RedisUrlConnectionDetails(RedisUrl url, @Nullable SslBundle tls, SentinelUser sentinelUser) {
        this.url = url;
        this.sentinelUser = sentinelUser;
        this.tls = url.tls() ? (tls == null ? SslBundle.systemDefault() : tls) : null;
    }

    @Override
    public @Nullable String getUsername() {
        return url.username();
    }

    @Override
    public @Nullable String getPassword() {
        return url.password();
    }

    @Override
    public @Nullable SslBundle getSslBundle() {
        return tls;
    }

    @Override
    public @Nullable Standalone getStandalone() {
        return url.kind() == RedisUrl.Kind.STANDALONE
                ? Standalone.of(
                        url.nodes().getFirst().host(), url.nodes().getFirst().port(), url.database())
                : null;
    }

    @Override
    public @Nullable Sentinel getSentinel() {
        if (url.kind() != RedisUrl.Kind.SENTINEL) {
            return null;
        }
        return new Sentinel() {
            @Override
            public int getDatabase() {
                return url.database();
            }

            @Override
            public String getMaster() {
                return url.master();
            }

            @Override
            public List<Node> getNodes() {
                return nodes();
            }

            @Override
            public @Nullable String getUsername() {
                return sentinelUser.name().isEmpty() ? null : sentinelUser.name();
            }

            @Override
            public @Nullable String getPassword() {
                String own = sentinelUser.password();
                return own == null ? url.password() : own.isEmpty() ? null : own;
            }
        };
    }

    @Override
    public @Nullable Cluster getCluster() {
        return url.kind() == RedisUrl.Kind.CLUSTER ? this::nodes : null;
    }

    private List<Node> nodes() {
        return url.nodes().stream()
                .map(node -> new Node(node.host(), node.port()))
                .toList();
    }
}
