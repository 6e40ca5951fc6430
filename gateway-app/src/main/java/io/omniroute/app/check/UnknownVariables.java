package io.omniroute.app.check;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds variables of the environment that are below a block of settings and are none of it. Not those of the catalog, where any word
 * may be part of a name that somebody has given.
 */
final class UnknownVariables {

    private static final String PREFIX = "OMNIROUTE_";

    /** What Kubernetes and Docker make of a service or container with such a name. */
    private static final Pattern OF_SERVICES =
            Pattern.compile(".*_(SERVICE_(HOST|PORT).*|PORT|PORT_\\d+_.*|ENV_.*|NAME)");

    /** Whole names, each as a variable may have it: without its hyphens, or with underscores in their place. */
    private final Set<String> names = new TreeSet<>();

    /** Names after which anything may follow, or numbers. */
    private final List<String> open = new ArrayList<>();

    private final List<String> blocks = new ArrayList<>();

    private UnknownVariables() {}

    /** @param blocks the settings of all parts, each read from one prefix */
    static List<String> problems(ConfigurableEnvironment environment, List<Class<? extends Record>> blocks) {
        UnknownVariables unknown = new UnknownVariables();
        for (Class<? extends Record> block : blocks) {
            String prefix = block.getAnnotation(ConfigurationProperties.class).value();
            unknown.blocks.addAll(spellings(prefix + "."));
            unknown.collect(prefix, block);
        }
        return environment.getPropertySources().stream()
                .filter(SystemEnvironmentPropertySource.class::isInstance)
                .map(SystemEnvironmentPropertySource.class::cast)
                .flatMap(variables -> List.of(variables.getPropertyNames()).stream())
                .filter(unknown::isUnknown)
                .sorted()
                .distinct()
                .map(variable -> "the variable " + variable + ": is not a setting")
                .toList();
    }

    private boolean isUnknown(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return name.startsWith(PREFIX)
                && blocks.stream().anyMatch(name::startsWith)
                && !OF_SERVICES.matcher(name).matches()
                && !names.contains(name)
                && open.stream().noneMatch(name::startsWith);
    }

    private void collect(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            Type generic = component.getGenericType();
            if (component.getType().isRecord()) {
                collect(name, component.getType());
            } else {
                names.addAll(spellings(name));
                if (generic instanceof ParameterizedType
                        && (Map.class.isAssignableFrom(component.getType())
                                || Collection.class.isAssignableFrom(component.getType()))) {
                    open.addAll(spellings(name + "."));
                }
            }
        }
    }

    private static List<String> spellings(String name) {
        String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
        return List.of(variable.replace("-", ""), variable.replace('-', '_'));
    }
}
