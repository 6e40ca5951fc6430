package io.omniroute.filters.kept;

import io.omniroute.redis.conversation.KeptObjects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What becomes of what providers keep. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KeptObjectsProperties.class)
public class KeptObjectsConfiguration {

    @Bean
    AllowProviderStateGatewayFilterFactory allowProviderStateGatewayFilterFactory(
            KeptObjects objects, KeptObjectsProperties settings) {
        return new AllowProviderStateGatewayFilterFactory(objects, settings.keep());
    }

    @Bean
    PinObjectsFilter pinObjectsFilter(KeptObjects objects, KeptObjectsProperties settings) {
        return new PinObjectsFilter(objects, settings.keep());
    }
}
