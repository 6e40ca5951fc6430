package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What stays of settings when the catalog has been read. */
class ReadSettingsTests {

    @Test
    void letsGoOfALargeCatalogAlone() {
        StandardEnvironment environment = with(3_000);
        assertThat(ReadSettings.letGo(environment)).isTrue();
        assertThat(environment.getProperty("omniroute.providers.p.models.m1.operations"))
                .isNull();
        assertThat(environment.getProperty("omniroute.combos.c.targets")).isNull();
        assertThat(environment.getProperty("omniroute.limits.calls")).isEqualTo("7");
        assertThat(Binder.get(environment)
                        .bind("omniroute.limits.calls", Integer.class)
                        .get())
                .isEqualTo(7);
    }

    @Test
    void keepsASmallOne() {
        StandardEnvironment environment = with(30);
        assertThat(ReadSettings.letGo(environment)).isFalse();
        assertThat(environment.getProperty("omniroute.providers.p.models.m1.operations"))
                .isEqualTo("chat");
    }

    private static StandardEnvironment with(int models) {
        Map<String, Object> file =
                new HashMap<>(Map.of("omniroute.limits.calls", "7", "omniroute.combos.c.targets", "p/m1"));
        for (int i = 0; i < models; i++) {
            file.put("omniroute.providers.p.models.m" + i + ".operations", "chat");
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("file", file));
        ConfigurationPropertySources.attach(environment);
        return environment;
    }
}
