package io.omniroute.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Nobody is offered the models of a sandbox that is not there. */
class SandboxProviderTests {

    @ParameterizedTest
    @CsvSource({"20139,default,true", "0,default,false", "20139,prod,false", "20139,'default;prod',false"})
    void isAProviderWhereItRuns(String port, String profile, boolean isThere) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.setActiveProfiles(profile.split(";"));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("own", Map.of("omniroute.local.sandbox-port", port)));
        new SandboxProvider().postProcessEnvironment(environment, new SpringApplication());
        assertThat(environment.containsProperty("omniroute.providers.sandbox.base-url"))
                .isEqualTo(isThere);
        assertThat(environment.containsProperty("omniroute.aliases.fast")).isEqualTo(isThere);
    }

    @ParameterizedTest
    @CsvSource({
        "omniroute.combos.fast.targets[0],p/m,false",
        "omniroute.combos[fast].strategy,random,false",
        "omniroute.combos.faster.targets,p/m,true",
        "omniroute.aliases.fast,p/m,true"
    })
    void leavesItsAliasOutWhereAComboHasItsName(String name, String value, boolean isThere) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.setActiveProfiles("default");
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("own", Map.of("omniroute.local.sandbox-port", "20139", name, value)));
        new SandboxProvider().postProcessEnvironment(environment, new SpringApplication());
        assertThat(environment.containsProperty("omniroute.aliases.fast")).isEqualTo(isThere);
        assertThat(environment.getProperty("omniroute.aliases.fast"))
                .isEqualTo(!isThere ? null : name.endsWith("aliases.fast") ? value : "sandbox/chat");
    }

    @Test
    void hearsOfCombosThatVariablesDeclare() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.setActiveProfiles("default");
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("OMNIROUTE_LOCAL_SANDBOXPORT", "1", "OMNIROUTE_COMBOS_FAST_TARGETS", "p/m")));
        ConfigurationPropertySources.attach(environment);
        new SandboxProvider().postProcessEnvironment(environment, new SpringApplication());
        assertThat(environment.containsProperty("omniroute.providers.sandbox.base-url"))
                .isTrue();
        assertThat(environment.containsProperty("omniroute.aliases.fast")).isFalse();
    }
}
