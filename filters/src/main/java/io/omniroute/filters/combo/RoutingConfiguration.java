package io.omniroute.filters.combo;

import io.omniroute.config.CatalogSource;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.call.CallShaper;
import io.omniroute.filters.call.Ledger;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.pacing.Paces;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.SessionTargets;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.json.JsonLimits;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** What chooses targets, and tries them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    CooldownProperties.class,
    BreakerProperties.class,
    AutoProperties.class,
    SessionProperties.class
})
public class RoutingConfiguration {

    @Bean
    TargetHealth targetHealth(
            Cooldowns cooldowns, CooldownProperties settings, BreakerProperties breakers, RoutingStore probes) {
        return new TargetHealth(cooldowns, settings, new ProviderBreakers(breakers, cooldowns, probes));
    }

    @Bean
    Waits waits(LimitsProperties limits, Drain drain) {
        return new Waits(limits.waiting(), drain.expires());
    }

    @Bean
    Composing composing(
            ObjectProvider<CallClient> clients,
            JsonLimits json,
            LimitsProperties limits,
            ConversationStore conversations) {
        return new Composing(clients, json, limits, conversations);
    }

    @Bean
    Pacing pacing(Paces paces, Waits waits) {
        return new Pacing(paces, waits);
    }

    @Bean
    @ConditionalOnMissingBean
    SessionTargets sessionTargets(ReactiveStringRedisTemplate redis, RedisGuard guard, SessionProperties settings) {
        return new SessionTargets(redis, guard, settings.keep());
    }

    @Bean
    NamedStrategies routingStrategies(Map<String, SelectionStrategy> strategies) {
        return new NamedStrategies(strategies);
    }

    @Bean
    Experience routingExperience(
            TargetHealth health,
            TargetStatistics statistics,
            AccountQuotas quotas,
            SessionTargets sessions,
            InstantSource clock) {
        return new Experience(health, statistics, quotas, sessions, clock);
    }

    @Bean
    TargetChooser targetChooser(
            NamedStrategies strategies,
            Experience experience,
            RoutingStore turns,
            KnownFacts facts,
            AutoProperties auto,
            JsonLimits json) {
        KnownTargets known = new KnownTargets(facts, experience, AutoScores.of(auto), json);
        return new TargetChooser(strategies, known, turns, new Stickiness(experience, strategies));
    }

    @Bean
    Trying routingTrying(
            Experience experience,
            NamedStrategies strategies,
            Ledger ledger,
            Waits waits,
            Pacing pacing,
            LimitsProperties limits) {
        return new Trying(ledger, waits, pacing, new Learning(experience, strategies), limits.attempts());
    }

    @Bean
    RouteExplainer routeExplainer(
            CatalogSource catalog,
            TargetChooser chooser,
            RoutingStore decisions,
            InstantSource clock,
            ObjectProvider<CallShaper> shaper,
            JsonLimits json) {
        return new RouteExplainer(
                catalog,
                chooser,
                decisions,
                clock,
                (call, headers) -> shaper.getIfAvailable(() -> CallShaper.NONE).shaped(call, headers),
                json);
    }

    @Bean
    @ConditionalOnEnabledFilter
    ComboGatewayFilterFactory comboGatewayFilterFactory(TargetChooser chooser, Trying trying, Composing composing) {
        return new ComboGatewayFilterFactory(chooser, trying, composing);
    }
}
