package io.omniroute.app.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where an embedded Redis listens on loopback.
 *
 * @param runId the id that Redis gave its run, by which a server is known again
 */
public record RedisAddress(int port, String password, String runId) {

    /** What was written, or empty if nothing was or it cannot be read. */
    static Optional<RedisAddress> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties written = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            written.load(reader);
            return Optional.of(new RedisAddress(
                    Integer.parseInt(written.getProperty("port", "")),
                    written.getProperty("password", ""),
                    written.getProperty("run-id", "")));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    List<String> written() {
        return List.of("port=" + port, "password=" + password, "run-id=" + runId);
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port;
    }
}
