package io.omniroute.predicates;

import io.omniroute.translators.json.JsonLimits;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledPredicate;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

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
    RequestedModelRoutePredicateFactory requestedModelRoutePredicateFactory(
            @Value("${omniroute.limits.body:32MB}") DataSize body,
            @Value("${omniroute.limits.body-time:60s}") Duration bodyTime,
            ObjectProvider<JsonLimits> json) {
        int bytes = (int) Math.min(Integer.MAX_VALUE, body.toBytes());
        return new RequestedModelRoutePredicateFactory(bytes, bodyTime, json.getIfAvailable(() -> JsonLimits.DEFAULT));
    }
}
