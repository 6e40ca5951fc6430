package io.omniroute.app.local;

import java.util.Set;
import org.springframework.core.env.Environment;

/** Where programs on this machine find a gateway. */
public final class GatewayUrl {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Set<String> ANY_HOST = Set.of("", "0.0.0.0", "::", "localhost");

    private GatewayUrl() {}

    /** The address of a gateway with these settings that listens on a port, without a path. */
    public static String of(Environment settings, int port) {
        boolean tls = !settings.getProperty("server.ssl.bundle", "").isBlank();
        String host = host(settings);
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (tls ? "https://" : "http://") + shown + ":" + port;
    }

    /** Where a gateway with these settings can be reached on this machine: an address or a name. */
    public static String host(Environment settings) {
        String host = settings.getProperty("server.address", LOOPBACK).strip();
        return ANY_HOST.contains(host) ? LOOPBACK : host;
    }
}
