package io.omniroute.config;

import io.omniroute.config.CatalogProperties.ComboProperties;
import io.omniroute.config.CatalogProperties.ProviderProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Binds the catalog provider by provider and combo by combo, each with a view of the settings that has no other's names. Boot's own
 * binding looks through all names for every field of every entry, and keeps what it has looked for: with 300 providers of 34 models
 * that is many seconds at the start, and hundreds of megabytes for good.
 */
public final class CatalogBinding {

    private static final String ROOT = "omniroute";
    private static final ConfigurationPropertyName ALL = ConfigurationPropertyName.of(ROOT);
    private static final ConfigurationPropertyName PROVIDERS = ConfigurationPropertyName.of(ROOT + ".providers");
    private static final ConfigurationPropertyName COMBOS = ConfigurationPropertyName.of(ROOT + ".combos");

    private final List<View> views = new ArrayList<>();
    private final Binder binder;
    private final BindHandler handler;

    private CatalogBinding(ConfigurableEnvironment environment, BindHandler handler) {
        this.handler = handler;
        // sources of its own, which nobody keeps when it has ended
        List<PropertySource<?>> written = environment.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .<PropertySource<?>>map(source -> source)
                .toList();
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.from(written)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                View view = new View(names);
                views.add(view);
                sources.add(view);
            } else {
                // a store of secrets, for one, which knows a value by its name and lists none
                sources.add(source);
            }
        }
        this.binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
    }

    /**
     * The catalog as it is written.
     *
     * @param handler hears of everything that is bound
     * @throws org.springframework.boot.context.properties.bind.BindException if something does not fit, unless the handler takes it
     */
    public static CatalogProperties bind(ConfigurableEnvironment environment, BindHandler handler) {
        return new CatalogBinding(environment, handler).bind();
    }

    private CatalogProperties bind() {
        Map<String, ProviderProperties> providers = entries(PROVIDERS, ProviderProperties.class);
        Map<String, ComboProperties> combos = entries(COMBOS, ComboProperties.class);
        views.forEach(view -> view.show(""));
        CatalogProperties rest = binder.bindOrCreate(ROOT, Bindable.of(CatalogProperties.class), handler);
        return new CatalogProperties(
                providers, combos, rest.aliases(), rest.teams(), rest.patience(), rest.deadlines());
    }

    private <T> Map<String, T> entries(ConfigurationPropertyName map, Class<T> type) {
        Set<String> groups = new LinkedHashSet<>();
        views.forEach(view -> view.groups(map).forEach(groups::add));
        Map<String, T> entries = new LinkedHashMap<>();
        for (String group : groups) {
            views.forEach(view -> view.show(group));
            binder.bind(map, Bindable.mapOf(String.class, type), handler)
                    .orElseGet(Map::of)
                    .forEach((key, entry) -> {
                        if (group.equals(group(map, key))) {
                            entries.put(key, entry);
                        }
                    });
        }
        return entries;
    }

    /** Entries whose names may be spelled versions of each other are bound together. */
    private static String group(ConfigurationPropertyName map, String key) {
        StringBuilder group = new StringBuilder(map.toString()).append(' ');
        key.toLowerCase(Locale.ROOT).chars().filter(Character::isLetterOrDigit).forEach(group::appendCodePoint);
        return group.toString();
    }

    /** A source of which one group of names is seen at a time, and every value. */
    private static final class View implements IterableConfigurationPropertySource {

        private final IterableConfigurationPropertySource source;
        private final Map<String, List<ConfigurationPropertyName>> groups = new LinkedHashMap<>();
        /** Variables of the environment may mean several names, so all of them are always seen. */
        private final boolean whole;

        private List<ConfigurationPropertyName> shown = List.of();

        View(IterableConfigurationPropertySource source) {
            this.source = source;
            source.stream()
                    .filter(ALL::isAncestorOf)
                    .forEach(name -> groups.computeIfAbsent(groupOf(name), unknown -> new ArrayList<>())
                            .add(name));
            this.whole = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource && !groups.isEmpty();
        }

        private static String groupOf(ConfigurationPropertyName name) {
            for (ConfigurationPropertyName map : List.of(PROVIDERS, COMBOS)) {
                if (map.isAncestorOf(name)) {
                    return group(
                            map, name.getElement(map.getNumberOfElements(), ConfigurationPropertyName.Form.ORIGINAL));
                }
            }
            return "";
        }

        Stream<String> groups(ConfigurationPropertyName map) {
            String begin = group(map, "");
            return groups.keySet().stream().filter(group -> group.startsWith(begin));
        }

        void show(String group) {
            shown = groups.getOrDefault(group, List.of());
        }

        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return whole ? source.stream() : shown.stream();
        }

        @Override
        public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
            if (whole) {
                return source.containsDescendantOf(name);
            }
            return shown.stream().anyMatch(name::isAncestorOf)
                    ? ConfigurationPropertyState.PRESENT
                    : ConfigurationPropertyState.ABSENT;
        }

        @Override
        public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
            return source.getConfigurationProperty(name);
        }

        @Override
        public @Nullable Object getUnderlyingSource() {
            return source.getUnderlyingSource();
        }
    }
}
