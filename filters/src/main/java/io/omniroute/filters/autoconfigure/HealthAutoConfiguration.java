package io.omniroute.filters.autoconfigure;

import io.micrometer.observation.ObservationPredicate;
import io.omniroute.config.CatalogSource;
import io.omniroute.filters.combo.TargetHealth;
import io.omniroute.filters.observe.EventLoopWatch;
import io.omniroute.filters.observe.ProviderStates;
import io.omniroute.filters.observe.RedisHealth;
import io.omniroute.filters.observe.StoresHealth;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisProperties;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.translators.format.ApiPath;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import reactor.netty.http.HttpResources;

/** What Actuator says of the gateway, where Actuator is there. */
@AutoConfiguration(
        after = FiltersAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration")
@ConditionalOnClass(HealthIndicator.class)
public class HealthAutoConfiguration {

    @Bean
    EventLoopWatch eventLoops() {
        return new EventLoopWatch(HttpResources.get().onServer(true), System::nanoTime);
    }

    /** A call is observed once, by ObserveCall, and not once more as a request of the server. */
    @Bean
    ObservationPredicate callsAreObservedOnce() {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request && isCall(request));
    }

    private static boolean isCall(ServerRequestObservationContext context) {
        ServerHttpRequest request = context.getCarrier();
        return request != null && ApiPath.of(request.getURI().getRawPath()).isPresent();
    }

    @Bean
    ProviderStates providers(CatalogSource catalog, TargetHealth health, InstantSource clock) {
        return new ProviderStates(catalog, health::breaker, clock);
    }

    /** In the place of Spring Boot's, which asks on threads that others wait for, for as long as the client waits for Redis. */
    @Bean
    @ConditionalOnMissingBean(name = "redisHealthContributor")
    RedisHealth redisHealthContributor(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new RedisHealth(redis, guard);
    }

    @Bean
    StoresHealth stores(ApiKeys keys, RedisGuard guard, RedisProperties settings) {
        return new StoresHealth(keys, guard, settings);
    }
}
