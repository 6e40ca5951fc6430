package io.omniroute.app.support;

import io.omniroute.app.local.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The Redis of a test run: REDIS_URL where it is given, a container where Docker is there, else the embedded binary. */
public final class TestRedis {

    private static final Deque<Runnable> AT_EXIT = new ArrayDeque<>();
    private static final String URL = start();

    private TestRedis() {}

    /** Where it is. */
    public static String url() {
        return URL;
    }

    /** A folder that is deleted with the run. */
    public static Path temporaryFolder(String name) {
        try {
            Path folder = Files.createTempDirectory("omniroute-" + name);
            atExit(() -> delete(folder));
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Runs these at the end of the run, the last one first, one after another. */
    private static void atExit(Runnable what) {
        synchronized (AT_EXIT) {
            if (AT_EXIT.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> AT_EXIT.forEach(Runnable::run)));
            }
            AT_EXIT.addFirst(what);
        }
    }

    private static String start() {
        String given = System.getenv("REDIS_URL");
        if (given != null && !given.isBlank()) {
            return given;
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            GenericContainer<?> redis = new GenericContainer<>(DockerImageName.parse("redis:7-alpine"));
            redis.withExposedPorts(6379).start();
            return "redis://" + redis.getHost() + ":" + redis.getMappedPort(6379);
        }
        EmbeddedRedis redis = EmbeddedRedis.open(temporaryFolder("redis"));
        atExit(redis::close);
        return "redis://:" + redis.address().password() + "@127.0.0.1:"
                + redis.address().port();
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            // a temporary folder of the operating system
        }
    }
}
