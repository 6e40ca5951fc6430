package io.omniroute.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Lets go of a large catalog's settings when they have been read: Spring keeps them as text, by name and as parsed names, several times
 * over, which for thousands of models is more than the gateway itself, and which the collector looks through for nothing.
 */
public final class ReadSettings implements ApplicationListener<ApplicationReadyEvent> {

    /** How many settings one file may have before its catalog is worth letting go of. */
    private static final int MANY = 2_000;

    /** Where Spring Cloud keeps all of what the start has read, for somebody who reads it again. */
    private static final String BOOTSTRAP = "bootstrapContext";

    private static final String ATTACHED = "configurationProperties";

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        if (letGo(ready.getApplicationContext().getEnvironment())
                && ready.getApplicationContext().getAutowireCapableBeanFactory()
                        instanceof DefaultSingletonBeanRegistry beans) {
            beans.destroySingleton(BOOTSTRAP);
        }
    }

    /** Takes the catalog out of sources with many settings; whether there were any. */
    static boolean letGo(ConfigurableEnvironment environment) {
        MutablePropertySources sources = environment.getPropertySources();
        boolean any = false;
        for (PropertySource<?> source : sources) {
            if (source instanceof EnumerablePropertySource<?> file
                    && file.getSource() instanceof Map<?, ?> map
                    && map.size() > MANY) {
                sources.replace(source.getName(), new MapPropertySource(source.getName(), without(file)));
                any = true;
            }
        }
        if (any) {
            // what is attached has the old names in it
            sources.remove(ATTACHED);
            ConfigurationPropertySources.attach(environment);
        }
        return any;
    }

    private static Map<String, Object> without(EnumerablePropertySource<?> source) {
        Map<String, Object> others = new LinkedHashMap<>();
        for (String name : source.getPropertyNames()) {
            Object value = source.getProperty(name);
            if (!name.startsWith("omniroute.providers.") && !name.startsWith("omniroute.combos.") && value != null) {
                others.put(name, value);
            }
        }
        return others;
    }
}
