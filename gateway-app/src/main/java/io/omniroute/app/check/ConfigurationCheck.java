package io.omniroute.app.check;

import io.omniroute.app.local.LocalDefault;
import io.omniroute.app.local.LocalProperties;
import io.omniroute.filters.admit.DrainProperties;
import io.omniroute.filters.check.Misfits;
import io.omniroute.filters.check.RouteCheck;
import io.omniroute.filters.check.RouteParts;
import io.omniroute.filters.check.SettingBlocks;
import io.omniroute.filters.check.SettingsCheck;
import io.omniroute.translators.format.ApiPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Looks through the whole configuration before anything is started, and finds everything that is missing or wrong. The command
 * {@code config check} prints the same list.
 */
public final class ConfigurationCheck {

    /** All blocks of settings, beside the catalog. */
    static final SettingBlocks BLOCKS = SettingBlocks.OF_STARTERS.with(LocalProperties.class);

    private static final ConfigurationPropertyName PROVIDERS = ConfigurationPropertyName.of("omniroute.providers");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int MOST_PORT = 65_535;
    private static final String SHUTDOWN_PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

    private final ConfigurableEnvironment environment;
    private final Set<String> strategies;

    /** @param strategies the names of all strategies */
    public ConfigurationCheck(ConfigurableEnvironment environment, Set<String> strategies) {
        this.environment = environment;
        this.strategies = strategies;
    }

    /** Everything that is missing or wrong; empty if the gateway can start. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(StoreCheck.problems(environment));
        problems.addAll(SettingsCheck.problems(environment, strategies, BLOCKS));
        providers(problems);
        routes(problems);
        server(problems);
        drain(problems);
        // what Redis and the keys need is looked at twice
        return problems.stream().distinct().toList();
    }

    /**
     * What looks like a mistake and may be none, so that the gateway starts all the same: variables of the environment that are named
     * like settings.
     */
    public List<String> doubts() {
        return UnknownVariables.problems(environment, BLOCKS.read());
    }

    private void providers(List<String> problems) {
        if (!LocalDefault.isActive(environment)
                && StreamSupport.stream(
                                ConfigurationPropertySources.get(environment).spliterator(), false)
                        .allMatch(source ->
                                source.containsDescendantOf(PROVIDERS) == ConfigurationPropertyState.ABSENT)) {
            problems.add(PROVIDERS + ": is missing (expected at least one provider)");
        }
    }

    /** The port, and the names of bundles of certificates, as far as they can be known before anything is there. */
    private void server(List<String> problems) {
        for (String setting : List.of("server.port", "management.server.port")) {
            String port = environment.getProperty(setting, "0");
            boolean off = setting.startsWith("management") && (port.isBlank() || port.equals("-1"));
            if (!off && (!PORT.matcher(port).matches() || Integer.parseInt(port) > MOST_PORT)) {
                problems.add(setting + ": is not a port (expected 0 to 65535"
                        + (setting.startsWith("server") ? "; the variable is PORT)" : ")"));
            }
        }
        for (String setting : List.of("server.address", "management.server.address")) {
            String host = environment.getProperty(setting, "");
            if (!host.isBlank() && !isAddress(host)) {
                problems.add(setting + ": \"" + host + "\" is no address of this machine and no name of one"
                        + (setting.startsWith("server") ? " (the variable is OMNIROUTE_HOST)" : ""));
            }
        }
        String actuator = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        if (ApiPath.ofShort(actuator).isPresent()) {
            problems.add(
                    "management.endpoints.web.base-path: is below the API (expected a path of its own, such as /actuator)");
        }
        for (String setting : List.of("omniroute.redis.ssl-bundle", "server.ssl.bundle")) {
            String bundle = environment.getProperty(setting, "");
            boolean known = Stream.of("pem", "jks")
                    .anyMatch(kind -> Binder.get(environment)
                            .bind("spring.ssl.bundle." + kind, Bindable.mapOf(String.class, Object.class))
                            .orElse(Map.of())
                            .containsKey(bundle));
            if (!bundle.isEmpty() && !known) {
                problems.add(setting + ": there is no bundle \"" + bundle + "\" below spring.ssl.bundle");
            } else if (!bundle.isEmpty()) {
                CertificateCheck.problem(Binder.get(environment), bundle, setting.startsWith("server"))
                        .ifPresent(problem -> problems.add(setting + ": " + problem));
            }
        }
    }

    private static boolean isAddress(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private void routes(List<String> problems) {
        Misfits misfits = new Misfits();
        GatewayProperties routes = Binder.get(environment)
                .bindOrCreate(GatewayProperties.PREFIX, Bindable.of(GatewayProperties.class), misfits);
        problems.addAll(misfits.problems());
        problems.addAll(RouteCheck.problems(routes, RouteParts.ofClassPath()));
    }

    /** Spring ends a phase of the shutdown when its time is over, whatever still drains. */
    private void drain(List<String> problems) {
        Misfits misfits = new Misfits();
        Binder binder = Binder.get(environment);
        Duration phase = binder.bind(SHUTDOWN_PHASE, Bindable.of(Duration.class), misfits)
                .orElse(Duration.ofSeconds(30));
        problems.addAll(misfits.problems());
        // what does not fit of these is said of all blocks
        DrainProperties drain =
                binder.bindOrCreate("omniroute.drain", Bindable.of(DrainProperties.class), new Misfits());
        if (drain.announce().plus(drain.time()).compareTo(phase) >= 0) {
            problems.add("omniroute.drain: announce and time together take "
                    + drain.announce().plus(drain.time()).toSeconds() + " s (expected less than " + SHUTDOWN_PHASE
                    + ", which is " + phase.toSeconds() + " s)");
        }
    }
}
