package io.omniroute.app.local;

import io.omniroute.config.CheckedSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        @DefaultValue("20140") int sandboxControlPort) implements CheckedSettings {

    private static final int MOST_PORT = 65_535;

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (sandboxPort > MOST_PORT) {
            problems.add("omniroute.local.sandbox-port: is no port (expected 0 to 65535)");
        }
        if (sandboxControlPort > MOST_PORT) {
            problems.add("omniroute.local.sandbox-control-port: is no port (expected 0 to 65535)");
        }
        return problems;
    }

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
