package io.omniroute.app.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Finds settings that nothing reads, while the catalog is bound: a typing error, or a model's name with a dot in it that is not in
 * brackets. Not for variables of the environment, whose names say less.
 */
final class UnknownSettings extends AbstractBindHandler {

    private static final List<ConfigurationPropertyName> READ_WHOLLY = List.of(
            ConfigurationPropertyName.of("omniroute.providers"),
            ConfigurationPropertyName.of("omniroute.combos"),
            ConfigurationPropertyName.of("omniroute.teams"),
            ConfigurationPropertyName.of("omniroute.deadlines"));

    private final Set<ConfigurationPropertyName> bound = new HashSet<>();

    UnknownSettings() {
        super(BindHandler.DEFAULT);
    }

    @Override
    public @Nullable Object onSuccess(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        bound.add(name);
        return super.onSuccess(name, target, context, result);
    }

    /** What is written and was not bound. */
    List<String> problems(Environment environment) {
        UnboundElementsSourceFilter written = new UnboundElementsSourceFilter();
        Set<String> unknown = new TreeSet<>();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (written.apply(source) && source instanceof IterableConfigurationPropertySource names) {
                names.stream().filter(this::isUnknown).forEach(name -> unknown.add(name.toString()));
            }
        });
        return unknown.stream()
                .map(name -> name + ": is not a setting (a name with a dot in it is written in brackets and quotes,"
                        + " such as \"[gpt-5.1]\")")
                .toList();
    }

    private boolean isUnknown(ConfigurationPropertyName name) {
        return READ_WHOLLY.stream().anyMatch(part -> part.isAncestorOf(name))
                && !bound.contains(name)
                && !isOfAnOverriddenList(name);
    }

    /** A list in one place takes the place of the whole list in another, which may be longer. */
    private boolean isOfAnOverriddenList(ConfigurationPropertyName name) {
        for (int size = 1; size < name.getNumberOfElements(); size++) {
            if (name.isNumericIndex(size) && bound.contains(name.chop(size)) && !bound.contains(name.chop(size + 1))) {
                return true;
            }
        }
        return false;
    }
}
