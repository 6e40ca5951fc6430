package io.omniroute.app.check;

import io.omniroute.filters.autoconfigure.FiltersAutoConfiguration;
import io.omniroute.filters.check.StartCheck;
import io.omniroute.filters.combo.SelectionStrategy;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** Puts the {@link ConfigurationCheck} before everything else. */
@AutoConfiguration(before = FiltersAutoConfiguration.class)
public class CheckAutoConfiguration {

    @Bean
    static StartCheck configurationCheck(ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans) {
        Set<String> strategies = Set.of(beans.getBeanNamesForType(SelectionStrategy.class, true, false));
        return new StartCheck(new ConfigurationCheck(environment, strategies)::problems);
    }
}
