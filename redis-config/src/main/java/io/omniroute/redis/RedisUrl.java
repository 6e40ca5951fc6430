package io.omniroute.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, in one line: {@code redis://}, {@code rediss://} (TLS), {@code redis-sentinel://h1,h2/0#master},
 * {@code redis-cluster://h1,h2}, the last two also with TLS as {@code rediss-sentinel://} and {@code rediss-cluster://}.
 * User and password stand before an {@code @}, percent-encoded.
 *
 * @param kind how the servers are arranged
 * @param tls whether connections are encrypted
 * @param nodes at least one
 * @param database the database number; 0 for a cluster
 * @param master the sentinels' name of the master, empty for the other kinds
 */
public record RedisUrl(
        Kind kind,
        boolean tls,
        @Nullable String username,
        @Nullable String password,
        List<Node> nodes,
        int database,
        String master) {

    /** How the servers are arranged. */
    public enum Kind {
        STANDALONE(6379),
        SENTINEL(26379),
        CLUSTER(6379);

        private final int port;

        Kind(int port) {
            this.port = port;
        }
    }

    /** A server's address. */
    public record Node(String host, int port) {}

    private static final Pattern URL = Pattern.compile(
            "(rediss?)(-sentinel|-cluster)?://(?:([^@/]*)@)?([^/#?]+)(?:/(\\d{1,3})?)?(?:#([A-Za-z0-9._-]+))?");
    private static final Pattern ENCODED = Pattern.compile("(?:[^%]|%[0-9a-fA-F]{2})*+");
    private static final Pattern NODE = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what is wrong, without repeating the password
     */
    public static RedisUrl of(String text) {
        Matcher url = URL.matcher(text.trim());
        if (!url.matches()) {
            throw new IllegalArgumentException("is not a Redis URL (expected redis://, rediss://, "
                    + "redis-sentinel://h1,h2/0#master or redis-cluster://h1,h2)");
        }
        Kind kind = kind(url.group(2));
        int database = url.group(5) == null ? 0 : Integer.parseInt(url.group(5));
        String master = url.group(6) == null ? "" : url.group(6);
        if (kind == Kind.SENTINEL && master.isEmpty()) {
            throw new IllegalArgumentException("names sentinels but no master (expected #name at its end)");
        }
        if (kind != Kind.SENTINEL && !master.isEmpty()) {
            throw new IllegalArgumentException("names a master, which only redis-sentinel:// has");
        }
        if (kind == Kind.CLUSTER && database != 0) {
            throw new IllegalArgumentException("names a database, but a cluster has only 0");
        }
        List<Node> nodes = nodes(url.group(4), kind);
        if (kind == Kind.STANDALONE && nodes.size() > 1) {
            throw new IllegalArgumentException(
                    "names several servers (expected redis-sentinel:// or redis-cluster://)");
        }
        String[] user = user(url.group(3));
        return new RedisUrl(kind, url.group(1).equals("rediss"), user[0], user[1], nodes, database, master);
    }

    private static Kind kind(@Nullable String suffix) {
        return suffix == null
                ? Kind.STANDALONE
                : Kind.valueOf(suffix.substring(1).toUpperCase(Locale.ROOT));
    }

    private static @Nullable String[] user(@Nullable String userInfo) {
        if (userInfo == null || userInfo.isEmpty()) {
            return new @Nullable String[] {null, null};
        }
        int colon = userInfo.indexOf(':');
        String name = colon < 0 ? "" : decoded(userInfo.substring(0, colon));
        String password = decoded(userInfo.substring(colon + 1));
        return new @Nullable String[] {name.isEmpty() ? null : name, password};
    }

    private static List<Node> nodes(String hosts, Kind kind) {
        List<Node> nodes = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            Matcher node = NODE.matcher(host);
            if (!node.matches()) {
                throw new IllegalArgumentException("has something else where a host or host:port was expected");
            }
            int port = node.group(2) == null ? kind.port : Integer.parseInt(node.group(2));
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("has the port " + port + " (expected 1 to 65535)");
            }
            nodes.add(new Node(node.group(1), port));
        }
        return List.copyOf(nodes);
    }

    private static String decoded(String text) {
        if (!ENCODED.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "has a % in its user or password without two hexadecimal digits behind it (a % itself is %25)");
        }
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return kind + (tls ? " with TLS at " : " at ") + nodes;
    }
}
