package io.omniroute.filters.autoconfigure;

import io.omniroute.config.CatalogCheck;
import io.omniroute.config.CatalogSource;
import io.omniroute.filters.Timers;
import io.omniroute.filters.admit.AdmitConfiguration;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.auth.AuthConfiguration;
import io.omniroute.filters.call.CallConfiguration;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.check.CheckConfiguration;
import io.omniroute.filters.check.KnownNames;
import io.omniroute.filters.check.RouteCheck;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.combo.RoutingConfiguration;
import io.omniroute.filters.combo.SelectionStrategy;
import io.omniroute.filters.combo.Strategies;
import io.omniroute.filters.conversation.ConversationConfiguration;
import io.omniroute.filters.error.ErrorConfiguration;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.filters.kept.KeptObjectsConfiguration;
import io.omniroute.filters.models.ListModelsGatewayFilterFactory;
import io.omniroute.filters.observe.ObserveConfiguration;
import io.omniroute.filters.shape.ShapingConfiguration;
import io.omniroute.filters.upstream.UpstreamConfiguration;
import io.omniroute.redis.RedisConfigAutoConfiguration;
import io.omniroute.translators.json.JsonLimits;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** The stages, in any Spring Cloud Gateway application that has this module. */
@AutoConfiguration(before = GatewayAutoConfiguration.class, after = RedisConfigAutoConfiguration.class)
@Import({
    CallConfiguration.class,
    AdmitConfiguration.class,
    AuthConfiguration.class,
    ObserveConfiguration.class,
    ErrorConfiguration.class,
    CheckConfiguration.class,
    UpstreamConfiguration.class,
    ConversationConfiguration.class,
    KeptObjectsConfiguration.class,
    RoutingConfiguration.class,
    ShapingConfiguration.class,
    Strategies.class
})
public class FiltersAutoConfiguration {

    /** The names of the strategies that come with the gateway. */
    public static final Set<String> STRATEGIES = Strategies.all().keySet();

    @Bean
    @ConditionalOnMissingBean
    InstantSource instantSource() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    JsonLimits jsonLimits(LimitsProperties limits) {
        return new JsonLimits(limits.jsonDepth(), limits.jsonTokens(), limits.tools());
    }

    @Bean
    Timers callTimers() {
        return new Timers();
    }

    @Bean
    CatalogCheck knownNames(Map<String, SelectionStrategy> strategies, AutoProperties auto) {
        return new KnownNames(strategies.keySet(), auto.names());
    }

    @Bean
    RouteCheck routeCheck(GatewayProperties gateway, ListableBeanFactory beans) {
        return new RouteCheck(gateway, beans);
    }

    @Bean
    @ConditionalOnMissingBean
    CallClient callClient(RouteLocator routes, FilteringWebHandler chain) {
        return new CallClient(routes, chain);
    }

    @Bean
    @ConditionalOnEnabledFilter
    ModelAliasGatewayFilterFactory modelAliasGatewayFilterFactory() {
        return new ModelAliasGatewayFilterFactory();
    }

    @Bean
    @ConditionalOnEnabledFilter
    ListModelsGatewayFilterFactory listModelsGatewayFilterFactory(CatalogSource catalog, JsonMapper json) {
        return new ListModelsGatewayFilterFactory(catalog, json);
    }
}
