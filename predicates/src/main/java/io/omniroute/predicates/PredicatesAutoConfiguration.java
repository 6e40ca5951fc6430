package io.omniroute.predicates;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledPredicate;
import org.springframework.context.annotation.Bean;

/** The predicates, in any Spring Cloud Gateway application that has this module. */
@AutoConfiguration(before = GatewayAutoConfiguration.class)
public class PredicatesAutoConfiguration {

    @Bean
    @ConditionalOnEnabledPredicate
    ApiFormatRoutePredicateFactory apiFormatRoutePredicateFactory() {
        return new ApiFormatRoutePredicateFactory();
    }

    @Bean
    @ConditionalOnEnabledPredicate
    RequestedModelRoutePredicateFactory requestedModelRoutePredicateFactory() {
        return new RequestedModelRoutePredicateFactory();
    }
}
