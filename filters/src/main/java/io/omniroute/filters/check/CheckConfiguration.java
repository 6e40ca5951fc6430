package io.omniroute.filters.check;

import io.omniroute.filters.combo.SelectionStrategy;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Has the settings looked through in any application that does not do it itself. */
@Configuration(proxyBeanMethods = false)
public class CheckConfiguration {

    @Bean
    @ConditionalOnMissingBean
    static StartCheck settingsCheck(ConfigurableEnvironment environment, ConfigurableListableBeanFactory beans) {
        return new StartCheck(() -> SettingsCheck.problems(
                environment,
                Set.of(beans.getBeanNamesForType(SelectionStrategy.class, true, false)),
                SettingBlocks.OF_STARTERS.beside(beans)));
    }
}
