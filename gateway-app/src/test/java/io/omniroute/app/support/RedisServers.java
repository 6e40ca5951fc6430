package io.omniroute.app.support;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.omniroute.app.local.RedisProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.TrustManagerFactory;

/** Real Redis servers on loopback in the arrangements that {@code REDIS_URL} can name, with a password, with or without TLS. */
public final class RedisServers implements AutoCloseable {

    private static final String PASSWORD = "p@ss";
    private static final String MASTER = "gate";
    private static final int SLOTS = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<ProcessBuilder> programs = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> servers = new ArrayList<>();
    private String sentinelPassword = PASSWORD;
    private final boolean tls;
    private String url = "";

    private RedisServers(boolean tls) {
        this.tls = tls;
    }

    /** One server. */
    public static RedisServers standalone(boolean tls) {
        RedisServers servers = new RedisServers(tls);
        int port = servers.server();
        servers.url = servers.scheme("") + "127.0.0.1:" + port + "/0";
        return servers;
    }

    /** One server, and a user {@code gate} who may do what these rules say. */
    public static RedisServers withUser(String rules) {
        RedisServers servers = new RedisServers(false);
        int port = servers.server("user gate on >" + PASSWORD + " " + rules);
        servers.url = "redis://gate:p%40ss@127.0.0.1:" + port + "/0";
        return servers;
    }

    /** Asks the first server, as its operator. */
    public <T> T askFirst(Function<RedisCommands<String, String>, T> question) {
        return ask(servers.getFirst(), question);
    }

    /** A master with a replica, watched by a sentinel. */
    public static RedisServers sentinel(boolean tls) {
        return sentinel(tls, PASSWORD);
    }

    /** The same, and the sentinel has that password, or none if it is empty. */
    public static RedisServers sentinel(boolean tls, String password) {
        RedisServers servers = new RedisServers(tls);
        int master = servers.server();
        servers.server("replicaof 127.0.0.1 " + master);
        servers.sentinelPassword = password;
        int sentinel = servers.start(
                List.of("--sentinel"),
                "requirepass \"" + password + "\"",
                "sentinel monitor " + MASTER + " 127.0.0.1 " + master + " 1",
                "sentinel auth-pass " + MASTER + " " + PASSWORD,
                "sentinel down-after-milliseconds " + MASTER + " 1000",
                "sentinel failover-timeout " + MASTER + " 5000");
        Eventually.until(
                "the sentinel knows the replica",
                PATIENCE,
                () -> servers.ask(sentinel, redis -> redis.info("sentinel").contains("slaves=1")));
        servers.url = servers.scheme("-sentinel") + "127.0.0.1:" + sentinel + "/0#" + MASTER;
        return servers;
    }

    /** Three masters that share the slots. */
    public static RedisServers cluster(boolean tls) {
        return cluster(tls, 0);
    }

    /** The same, and the first server, which has the API keys, has a replica. */
    public static RedisServers clusterWithReplica() {
        return cluster(false, 1);
    }

    private static RedisServers cluster(boolean tls, int replicas) {
        RedisServers servers = new RedisServers(tls);
        List<Integer> ports = new ArrayList<>();
        for (int node = 0; node < 3 + replicas; node++) {
            ports.add(servers.server("cluster-enabled yes", "cluster-node-timeout 2000"));
        }
        for (int node = 0; node < 3; node++) {
            int[] slots = IntStream.range(SLOTS * (2 - node) / 3, SLOTS * (3 - node) / 3)
                    .toArray();
            servers.ask(ports.get(node), redis -> redis.clusterAddSlots(slots));
            servers.ask(ports.get(node), redis -> redis.clusterMeet("127.0.0.1", ports.getFirst()));
        }
        for (int port : ports.subList(0, 3)) {
            Eventually.until(
                    "the cluster stands",
                    PATIENCE,
                    () -> servers.ask(port, redis -> redis.clusterInfo().contains("cluster_state:ok")));
        }
        if (replicas > 0) {
            int replica = ports.getLast();
            servers.ask(replica, redis -> redis.clusterMeet("127.0.0.1", ports.getFirst()));
            String master = servers.ask(ports.getFirst(), RedisCommands::clusterMyId);
            Eventually.until(
                    "the replica knows its master",
                    PATIENCE,
                    () -> servers.ask(replica, redis -> redis.clusterNodes().contains(master)));
            servers.ask(replica, redis -> redis.clusterReplicate(master));
            Eventually.until(
                    "the replica follows",
                    PATIENCE,
                    () -> servers.ask(
                            replica, redis -> redis.info("replication").contains("master_link_status:up")));
            Eventually.until(
                    "all know each other, and whose replica it is",
                    PATIENCE,
                    () -> ports.stream()
                            .allMatch(port -> servers.ask(port, redis -> {
                                String nodes = redis.clusterNodes();
                                return nodes.lines().count() == ports.size() && nodes.contains("slave " + master);
                            })));
        }
        servers.url = servers.scheme("-cluster")
                + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return servers;
    }

    /** Where they are, as {@code REDIS_URL}. */
    public String url() {
        return url;
    }

    /** Lets the first server stand still, with all of its connections open. */
    public void freezeFirst() {
        signalFirst("-STOP");
    }

    private void signalFirst(String signal) {
        try {
            new ProcessBuilder(
                            "kill", signal, Long.toString(processes.getFirst().pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Lets the first server go on. */
    public void thawFirst() {
        signalFirst("-CONT");
    }

    /** Kills the server that was started first. */
    public void killFirst() {
        processes.getFirst().destroyForcibly();
    }

    /** Starts the first server again, without what it knew. */
    public void startFirst() {
        try {
            processes.set(0, programs.getFirst().start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }

    private String scheme(String arrangement) {
        return (tls ? "rediss" : "redis") + arrangement + "://:p%40ss@";
    }

    private int server(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("requirepass " + PASSWORD, "masterauth " + PASSWORD, "save \"\""));
        return start(List.of(), all.toArray(String[]::new));
    }

    private int start(List<String> options, String... settings) {
        Path folder = TestRedis.temporaryFolder("server");
        int port = Ports.free();
        List<String> conf = new ArrayList<>(List.of(settings));
        conf.addAll(List.of("bind 127.0.0.1", "dir " + folder, (tls ? "tls-port " : "port ") + port));
        if (tls) {
            TestCertificate certificate = TestCertificate.get();
            conf.addAll(List.of(
                    "port 0",
                    "tls-cert-file " + certificate.pem(),
                    "tls-key-file " + certificate.keyPem(),
                    "tls-ca-cert-file " + certificate.pem(),
                    "tls-auth-clients no",
                    "tls-replication yes",
                    "tls-cluster yes"));
        }
        try {
            Path file = Files.write(folder.resolve("redis.conf"), conf);
            Path program = RedisProgram.in(folder);
            List<String> command = new ArrayList<>(List.of(program.toString(), file.toString()));
            command.addAll(options);
            programs.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out").toFile()));
            processes.add(programs.getLast().start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        if (options.isEmpty()) {
            servers.add(port);
        }
        Eventually.until("the server at " + port + " answers", PATIENCE, () -> isUp(port));
        return port;
    }

    private boolean isUp(int port) {
        try {
            return ask(port, redis -> !redis.info("server").isEmpty());
        } catch (RedisException notYet) {
            return false;
        }
    }

    private <T> T ask(int port, Function<RedisCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withPassword((servers.contains(port) ? PASSWORD : sentinelPassword).toCharArray())
                .withSsl(tls)
                .withTimeout(PATIENCE)
                .build();
        RedisClient client = RedisClient.create(uri);
        if (tls) {
            client.setOptions(ClientOptions.builder()
                    .sslOptions(SslOptions.builder().trustManager(trust()).build())
                    .build());
        }
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, PATIENCE);
        }
    }

    private static TrustManagerFactory trust() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(TestCertificate.get().trustStore());
            return trust;
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
