package io.omniroute.filters.check;

import io.omniroute.config.CatalogProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Finds settings that nothing reads, while the catalog is bound: a typing error, or a model's name with a dot in it that is not in
 * brackets. Not for variables of the environment, whose names say less.
 */
final class UnknownSettings extends AbstractBindHandler {

    static final ConfigurationPropertyName ALL = ConfigurationPropertyName.of("omniroute");

    /** The blocks of the catalog. */
    private static final List<ConfigurationPropertyName> BLOCKS = Stream.of(
                    CatalogProperties.class.getRecordComponents())
            .map(block -> ALL.append(DataObjectPropertyName.toDashedForm(block.getName())))
            .toList();

    /** Those with settings in them; of aliases every name is one, however it is spelt. */
    private static final List<ConfigurationPropertyName> CATALOG = BLOCKS.stream()
            .filter(block -> !block.getLastElement(Form.DASHED).equals("aliases"))
            .toList();

    private final List<ConfigurationPropertyName> readWholly;
    private final SettingBlocks blocks;
    private final Set<ConfigurationPropertyName> asked = new HashSet<>();

    private UnknownSettings(BindHandler failures, List<ConfigurationPropertyName> readWholly, SettingBlocks blocks) {
        super(failures);
        this.readWholly = readWholly;
        this.blocks = blocks;
    }

    /** @param failures is told of what does not fit */
    static UnknownSettings ofTheCatalog(BindHandler failures, SettingBlocks blocks) {
        return new UnknownSettings(failures, CATALOG, blocks);
    }

    /** Those of the blocks beside the catalog. */
    static UnknownSettings of(BindHandler failures, SettingBlocks blocks) {
        List<ConfigurationPropertyName> prefixes = blocks.read().stream()
                .map(type -> ConfigurationPropertyName.of(SettingBlocks.prefix(type)))
                .toList();
        return new UnknownSettings(failures, prefixes, blocks);
    }

    @Override
    public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        asked.add(name);
        return super.onStart(name, target, context);
    }

    /** What is written and was not asked for. */
    List<String> problems(Environment environment) {
        return problems(environment, this::isUnknown).stream()
                .map(name -> name + ": is not a setting (a name with a dot in it is written in brackets and quotes,"
                        + " such as \"[gpt-5.1]\", and then in brackets everywhere)")
                .toList();
    }

    /** Blocks that nothing reads, neither the catalog nor this. */
    List<String> unknownBlocks(Environment environment) {
        Set<String> known = new TreeSet<>();
        Set<String> spelt = new HashSet<>();
        Stream.concat(BLOCKS.stream(), readWholly.stream()).forEach(block -> {
            known.add(block.getElement(1, Form.DASHED));
            spelt.add(block.getElement(1, Form.UNIFORM));
        });
        return problems(environment, name -> isOfNo(spelt, name)).stream()
                .map(name -> name.chop(2))
                .distinct()
                .map(block -> block + ": is not a setting (expected one of: " + String.join(", ", known) + ")")
                .toList();
    }

    private static boolean isOfNo(Set<String> known, ConfigurationPropertyName name) {
        return ALL.isAncestorOf(name) && !known.contains(name.getElement(1, Form.UNIFORM));
    }

    private Set<ConfigurationPropertyName> problems(
            Environment environment, Predicate<ConfigurationPropertyName> isUnknown) {
        UnboundElementsSourceFilter written = new UnboundElementsSourceFilter();
        Set<ConfigurationPropertyName> unknown = new TreeSet<>();
        List<ConfigurationPropertySource> nearer = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (written.apply(source) && source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(name ->
                                isUnknown.test(name) && !blocks.isOfOthers(name) && !isOfAnOverriddenList(name, nearer))
                        .forEach(unknown::add);
            }
            nearer.add(source);
        }
        return unknown;
    }

    private boolean isUnknown(ConfigurationPropertyName name) {
        return readWholly.stream().anyMatch(part -> part.isAncestorOf(name)) && !asked.contains(name);
    }

    /** A list in one place takes the place of the whole list in another, whatever its elements are. */
    private static boolean isOfAnOverriddenList(
            ConfigurationPropertyName name, List<ConfigurationPropertySource> nearer) {
        for (int size = 1; size < name.getNumberOfElements(); size++) {
            ConfigurationPropertyName list = name.chop(size);
            if (name.isNumericIndex(size)
                    && nearer.stream()
                            .anyMatch(source -> source.getConfigurationProperty(list) != null
                                    || source.containsDescendantOf(list) == ConfigurationPropertyState.PRESENT)) {
                return true;
            }
        }
        return false;
    }
}
