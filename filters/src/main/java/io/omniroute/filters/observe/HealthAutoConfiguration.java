package io.omniroute.filters.observe;

import io.omniroute.config.CatalogSource;
import io.omniroute.filters.FiltersAutoConfiguration;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisProperties;
import io.omniroute.redis.apikey.ApiKeys;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import reactor.netty.http.HttpResources;

/** What Actuator says of the gateway, where Actuator is there. */
@AutoConfiguration(after = FiltersAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
public class HealthAutoConfiguration {

    @Bean
    EventLoopWatch eventLoops() {
        return new EventLoopWatch(HttpResources.get().onServer(true), System::nanoTime);
    }

    @Bean
    ProviderStates providers(CatalogSource catalog, InstantSource clock) {
        return new ProviderStates(catalog, clock);
    }

    @Bean
    StoresHealth stores(ApiKeys keys, RedisGuard guard, RedisProperties settings) {
        return new StoresHealth(keys, guard, settings);
    }
}
