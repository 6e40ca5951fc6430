package io.omniroute.app.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Nobody is offered the models of a sandbox that is not there. */
class SandboxProviderTests {

    @ParameterizedTest
    @CsvSource({"20139,default,true", "0,default,false", "20139,prod,false"})
    void isAProviderWhereItRuns(String port, String profile, boolean isThere) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.setActiveProfiles(profile);
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("own", Map.of("omniroute.local.sandbox-port", port)));
        new SandboxProvider().postProcessEnvironment(environment, new SpringApplication());
        assertThat(environment.containsProperty("omniroute.providers.sandbox.base-url"))
                .isEqualTo(isThere);
        assertThat(environment.containsProperty("omniroute.aliases.fast")).isEqualTo(isThere);
    }
}
