package io.omniroute.filters.auth;

import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.translators.json.JsonLimits;
import java.time.InstantSource;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who calls, and what they may. */
@Configuration(proxyBeanMethods = false)
public class AuthConfiguration {

    @Bean
    UnknownKeys unknownKeys(LimitsProperties limits) {
        return new UnknownKeys(limits, System::nanoTime);
    }

    @Bean
    KeyCheck keyCheck(ApiKeys keys, UnknownKeys unknown, InstantSource clock) {
        return new KeyCheck(keys, unknown, clock);
    }

    @Bean
    @ConditionalOnEnabledFilter
    AuthenticateGatewayFilterFactory authenticateGatewayFilterFactory(KeyCheck keys) {
        return new AuthenticateGatewayFilterFactory(keys);
    }

    @Bean
    @ConditionalOnEnabledFilter
    AuthorizeModelGatewayFilterFactory authorizeModelGatewayFilterFactory(JsonLimits json) {
        return new AuthorizeModelGatewayFilterFactory(json);
    }
}
