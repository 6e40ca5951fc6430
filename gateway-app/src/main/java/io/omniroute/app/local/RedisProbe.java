package io.omniroute.app.local;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server on loopback who it is, before anyone relies on it; blocking, for start and stop only. */
final class RedisProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Pattern RUN_ID = Pattern.compile("run_id:([0-9a-f]{40})");
    private static final String LOADING = "loading:1";

    private RedisProbe() {}

    /** Whether the server at an address is the one that was started for this folder, and not a stranger on its port. */
    static boolean isOurs(RedisAddress address, Path folder) {
        return ask(address.port(), address.password(), redis -> {
                    Map<String, String> dir = redis.configGet("dir");
                    boolean here = folder.toString().equals(dir.get("dir"));
                    return here && (address.runId().isEmpty() || address.runId().equals(runIdOf(redis)));
                })
                .orElse(false);
    }

    /** The run id of the server at a port, or empty if it does not answer yet. */
    static Optional<String> runId(int port, String password) {
        return ask(port, password, RedisProbe::runIdOf);
    }

    /** Whether a server answers and still reads what it has kept: it refuses all questions about that. */
    static boolean isLoading(int port, String password) {
        return ask(port, password, redis -> redis.info("persistence").contains(LOADING))
                .orElse(false);
    }

    /** Stops the server, which writes its append-only file out first. */
    static void shutDown(RedisAddress address) {
        ask(address.port(), address.password(), redis -> {
            redis.shutdown(false);
            return true;
        });
    }

    private static String runIdOf(RedisCommands<String, String> redis) {
        Matcher matcher = RUN_ID.matcher(redis.info("server"));
        return matcher.find() ? matcher.group(1) : "";
    }

    private static <T> Optional<T> ask(int port, String password, Function<RedisCommands<String, String>, T> question) {
        RedisURI uri = RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withPassword(password.toCharArray())
                .withTimeout(PATIENCE)
                .build();
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
                .build());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return Optional.of(question.apply(connection.sync()));
        } catch (RedisException notThere) {
            return Optional.empty();
        } finally {
            client.shutdown(Duration.ZERO, PATIENCE);
        }
    }
}
