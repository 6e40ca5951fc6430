package io.omniroute.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.core.io.ClassPathResource;

/** Puts the sandbox among the providers of the default profile, behind all other settings, unless it is left out. */
public final class SandboxProvider implements EnvironmentPostProcessor, Ordered {

    private static final String SETTINGS = "sandbox-provider.yml";

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
        if (left || !environment.acceptsProfiles(Profiles.of("default"))) {
            return;
        }
        try {
            new YamlPropertySourceLoader()
                    .load(SETTINGS, new ClassPathResource(SETTINGS))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
