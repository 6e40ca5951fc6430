package io.omniroute.app.check;

import io.omniroute.app.local.LocalDefault;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogBinding;
import io.omniroute.config.CatalogProblems;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.Resolution;
import io.omniroute.filters.KnownNames;
import io.omniroute.filters.RouteCheck;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.combo.TaskDetection;
import io.omniroute.filters.observe.DrainProperties;
import io.omniroute.filters.shape.ShapingProperties;
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
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Looks through the whole configuration before anything is started, and refuses to start with one list of everything that is
 * missing or wrong. The command {@code config check} prints the same list.
 */
public final class ConfigurationCheck implements BeanFactoryPostProcessor, Ordered {

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

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new CatalogProblems(problems);
        }
    }

    /** Everything that is missing or wrong; empty if the gateway can start. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(LostCharacters.problems(environment));
        problems.addAll(StoreCheck.problems(environment));
        catalog(problems);
        routes(problems);
        problems.addAll(SettingsCheck.problems(environment));
        server(problems);
        drain(problems);
        return problems;
    }

    /**
     * What looks like a mistake and may be none, so that the gateway starts all the same: variables of the environment that are named
     * like settings.
     */
    public List<String> doubts() {
        return UnknownVariables.problems(environment, SettingsCheck.ALL);
    }

    private Set<String> modes(List<String> problems) {
        try {
            return Binder.get(environment)
                    .bindOrCreate("omniroute.auto", AutoProperties.class)
                    .names();
        } catch (IllegalArgumentException unknown) {
            problems.add(unknown.getMessage());
        } catch (BindException unreadable) {
            // said of all settings
        }
        return AutoProperties.NONE.names();
    }

    private void catalog(List<String> problems) {
        Misfits misfits = new Misfits();
        UnknownSettings unknown = new UnknownSettings(misfits);
        CatalogProperties written = CatalogBinding.bind(environment, unknown);
        problems.addAll(misfits.problems());
        problems.addAll(unknown.problems(environment));
        problems.addAll(SettingsCheck.durations("omniroute", written));
        List<String> ofCatalog = CatalogReader.problems(written, List.of(new KnownNames(strategies, modes(problems))));
        problems.addAll(ofCatalog);
        if (!LocalDefault.isActive(environment)
                && misfits.problems().isEmpty()
                && written.providers().isEmpty()) {
            problems.add("omniroute.providers: is missing (expected at least one provider)");
        }
        if (ofCatalog.isEmpty() && misfits.problems().isEmpty()) {
            shaping(CatalogReader.read(written, List.of()), problems);
        }
    }

    /** A client must not be told that there is no model which it has not asked for. */
    private void shaping(Catalog catalog, List<String> problems) {
        ShapingProperties shaping;
        try {
            shaping = Binder.get(environment).bindOrCreate("omniroute.shaping", ShapingProperties.class);
        } catch (BindException unreadable) {
            return; // said of all settings
        }
        Set<String> tasks = new TaskDetection().detected();
        shaping.tasks().models().forEach((task, model) -> {
            String where = "omniroute.shaping.tasks.models." + task;
            if (!tasks.contains(task)) {
                problems.add(where + ": unknown task (expected one of: " + String.join(", ", tasks) + ")");
            }
            known(where, model, catalog, problems);
        });
        shaping.background()
                .models()
                .forEach((pattern, model) ->
                        known("omniroute.shaping.background.models." + pattern, model, catalog, problems));
    }

    private static void known(String where, String name, Catalog catalog, List<String> problems) {
        if (!(catalog.resolve(name) instanceof Resolution.Found)) {
            problems.add(where + ": \"" + name + "\" is no model, alias or combo");
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
        try {
            problems.addAll(RouteCheck.problems(
                    Binder.get(environment).bindOrCreate(GatewayProperties.PREFIX, GatewayProperties.class)));
        } catch (BindException unreadable) {
            problems.add(StoreCheck.inWords(unreadable));
        }
    }

    /** Spring ends a phase of the shutdown when its time is over, whatever still drains. */
    private void drain(List<String> problems) {
        try {
            Binder binder = Binder.get(environment);
            Duration phase = binder.bind(SHUTDOWN_PHASE, Duration.class).orElse(Duration.ofSeconds(30));
            DrainProperties drain = binder.bindOrCreate("omniroute.drain", DrainProperties.class);
            if (drain.announce().plus(drain.time()).compareTo(phase) >= 0) {
                problems.add("omniroute.drain: announce and time together take "
                        + drain.announce().plus(drain.time()).toSeconds() + " s (expected less than " + SHUTDOWN_PHASE
                        + ", which is " + phase.toSeconds() + " s)");
            }
        } catch (BindException unreadable) {
            problems.add(StoreCheck.inWords(unreadable));
        }
    }
}
