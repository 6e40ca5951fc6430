package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * Puts the sandbox among the providers of the default profile, behind all other settings, unless it is left out. What is declared
 * under the name of its alias takes that one's place, a combo too.
 */
public final class SandboxProvider implements EnvironmentPostProcessor, Ordered {

    private static final String SETTINGS = "sandbox-provider.yml";
    private static final String ALIAS = "omniroute.aliases.";

    /** After the files of settings have been read, which say whether there is to be one. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean left = environment
                .getProperty("omniroute.local.sandbox-port", "0")
                .strip()
                .equals("0");
        if (left || !LocalDefault.isActive(environment)) {
            return;
        }
        load().stream()
                .map(settings -> without(settings, declaredAsCombos(environment, settings)))
                .forEach(environment.getPropertySources()::addLast);
    }

    private static List<EnumerablePropertySource<?>> load() {
        try {
            return new YamlPropertySourceLoader()
                    .load(SETTINGS, new ClassPathResource(SETTINGS)).stream()
                            .<EnumerablePropertySource<?>>map(EnumerablePropertySource.class::cast)
                            .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** An alias and a combo cannot have one name, and this alias is not the one that somebody has written. */
    private static Set<String> declaredAsCombos(Environment environment, EnumerablePropertySource<?> settings) {
        return Stream.of(settings.getPropertyNames())
                .filter(name -> name.startsWith(ALIAS) && isCombo(environment, name.substring(ALIAS.length())))
                .collect(Collectors.toSet());
    }

    private static boolean isCombo(Environment environment, String name) {
        ConfigurationPropertyName combo =
                ConfigurationPropertyName.of("omniroute.combos").append(name);
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .anyMatch(source -> source.containsDescendantOf(combo) == ConfigurationPropertyState.PRESENT);
    }

    private static PropertySource<?> without(EnumerablePropertySource<?> settings, Set<String> names) {
        return new MapPropertySource(
                settings.getName(),
                Stream.of(settings.getPropertyNames())
                        .filter(name -> !names.contains(name))
                        .collect(Collectors.toMap(
                                Function.identity(), name -> Objects.requireNonNull(settings.getProperty(name)))));
    }
}
