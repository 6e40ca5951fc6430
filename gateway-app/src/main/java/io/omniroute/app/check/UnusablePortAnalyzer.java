package io.omniroute.app.check;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import reactor.netty.ChannelBindException;

/** Says on which port the gateway cannot listen, why, and which setting changes it. */
final class UnusablePortAnalyzer extends AbstractFailureAnalyzer<ChannelBindException> implements Ordered {

    private static final String SERVER = "server.port";
    private static final List<String> SETTINGS = List.of(
            SERVER, "management.server.port", "omniroute.local.sandbox-port", "omniroute.local.sandbox-control-port");

    private final Environment environment;

    UnusablePortAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** Before Boot's, which does not know what the setting is called. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ChannelBindException cause) {
        String port = Integer.toString(cause.localPort());
        return new FailureAnalysis(
                "The gateway does not start: it cannot listen on port " + port + " of " + cause.localHost()
                        + ", because " + why(cause) + ".",
                "Choose another port with " + setting(port) + ", or end what keeps this one.",
                cause);
    }

    private static String why(ChannelBindException failed) {
        Throwable cause = failed.getCause();
        String said = Objects.requireNonNullElse(cause == null ? null : cause.getMessage(), "the system refuses it");
        return said.toLowerCase(Locale.ROOT).contains("in use")
                ? "another program listens there"
                : "the system says: " + said;
    }

    private String setting(String port) {
        return SETTINGS.stream()
                .filter(setting -> port.equals(environment.getProperty(setting)))
                .findFirst()
                .map(setting -> setting.equals(SERVER) ? "the variable PORT (" + SERVER + ")" : setting)
                .orElse("the variable PORT (" + SERVER + ")");
    }
}
