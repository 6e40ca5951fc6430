package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The catalog is what Boot's own binding would make of the same settings. */
class CatalogBindingTests {

    /** A file below, its values overridden one by one by the environment, and by a store that lists no names. */
    private static StandardEnvironment environment() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("omniroute.providers.cloud.base-url", "https://a.example/v1");
        file.put("omniroute.providers.cloud.formats[0]", "openai-chat");
        file.put("omniroute.providers.cloud.formats[1]", "openai-responses");
        file.put("omniroute.providers.cloud.connections.main.weight", "3");
        file.put("omniroute.providers.cloud.models[org/m.1].operations", "chat");
        file.put("omniroute.providers.cloud.models.plain.facts.max-output", "1000");
        file.put("omniroute.providers[with.dot].base-url", "${base:https://b.example}");
        file.put("omniroute.providers[with.dot].formats", "gemini");
        file.put("omniroute.combos.best.targets[0].model", "cloud/plain");
        file.put("omniroute.combos.best.targets[0].deadlines.first-content", "3s");
        file.put("omniroute.combos.best.targets[1].model", "cloud/org/m.1");
        file.put("omniroute.combos.bestOf.targets", "cloud/plain");
        file.put("omniroute.combos.best-of.strategy", "weighted");
        file.put("omniroute.aliases[claude-*]", "best");
        file.put("omniroute.teams.search.models", "*");
        file.put("omniroute.deadlines.connect", "2s");
        environment.getPropertySources().addFirst(new MapPropertySource("file", file));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        Map.of(
                                "OMNIROUTE_PROVIDERS_CLOUD_BASEURL", "https://c.example/v1",
                                "OMNIROUTE_PROVIDERS_CLOUD_CONNECTIONS_MAIN_PRIORITY", "7",
                                "OMNIROUTE_PROVIDERS_ALONE_BASEURL", "https://d.example",
                                "OMNIROUTE_PROVIDERS_ALONE_FORMATS_0", "anthropic-messages")));
        environment
                .getPropertySources()
                .addFirst(
                        new PropertySource<>(
                                "store",
                                Map.of("omniroute.providers.cloud.connections.main.api-key", "from-the-store")) {
                            @Override
                            public @Nullable Object getProperty(String name) {
                                return getSource().get(name);
                            }
                        });
        return environment;
    }

    @Test
    void bindsWhatBootBinds() {
        StandardEnvironment environment = environment();
        CatalogProperties bound = CatalogBinding.bind(environment, BindHandler.DEFAULT);
        CatalogProperties usual = Binder.get(environment)
                .bind("omniroute", Bindable.of(CatalogProperties.class))
                .get();
        assertThat(bound.providers()).isEqualTo(usual.providers()).containsKeys("cloud", "with.dot", "alone");
        assertThat(bound.combos()).isEqualTo(usual.combos()).containsKeys("best");
        assertThat(bound.aliases()).isEqualTo(usual.aliases()).hasSize(1);
        assertThat(bound.teams()).isEqualTo(usual.teams()).hasSize(1);
        assertThat(bound.deadlines()).isEqualTo(usual.deadlines());
    }

    @Test
    void takesEachValueFromTheFirstSourceThatHasIt() {
        CatalogProperties bound = CatalogBinding.bind(environment(), BindHandler.DEFAULT);
        CatalogProperties.ProviderProperties open = bound.providers().get("cloud");
        assertThat(open.baseUrl()).isEqualTo("https://c.example/v1");
        assertThat(open.connections().get("main").apiKey()).isEqualTo("from-the-store");
        assertThat(open.connections().get("main").weight()).isEqualTo(3);
        assertThat(open.connections().get("main").priority()).isEqualTo(7);
        assertThat(bound.providers().get("with.dot").baseUrl()).isEqualTo("https://b.example");
    }
}
