package io.omniroute.app.check;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Where the gateway listens unless it is told: on loopback, also where the variable for it is there and empty, which servers take for all
 * addresses. A port of its own for the actuator is on the same address.
 */
public final class ListenAddresses implements EnvironmentPostProcessor, Ordered {

    private static final String SERVER = "server.address";
    private static final String ACTUATOR = "management.server.address";
    private static final String LOOPBACK = "127.0.0.1";

    /** After the files of settings have been read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> addresses = new HashMap<>();
        String server = environment.getProperty(SERVER, "");
        if (server.isBlank() && environment.containsProperty(SERVER)) {
            addresses.put(SERVER, LOOPBACK);
        }
        String port = environment.getProperty("management.server.port", "");
        boolean own = !port.isBlank() && !port.equals(environment.getProperty("server.port", "8080"));
        if (own && environment.getProperty(ACTUATOR, "").isBlank()) {
            addresses.put(ACTUATOR, server.isBlank() ? LOOPBACK : server);
        }
        if (!addresses.isEmpty()) {
            environment.getPropertySources().addFirst(new MapPropertySource("listenAddresses", addresses));
        }
    }
}
