package io.omniroute.app.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The default profile.
 *
 * @param dataDir where the embedded Redis keeps its data and its password
 * @param sandboxPort the port of the sandbox's API; 0 leaves the sandbox out
 * @param sandboxControlPort the port of the sandbox's control
 */
@ConfigurationProperties("omniroute.local")
public record LocalProperties(
        @Nullable Path dataDir,
        @DefaultValue("20139") int sandboxPort,
        @DefaultValue("20140") int sandboxControlPort) {

    /** Where data is kept unless somebody says where. */
    private static Path usual() {
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home, ".omniroute");
    }

    @Override
    public Path dataDir() {
        return dataDir == null ? usual() : dataDir;
    }
}
