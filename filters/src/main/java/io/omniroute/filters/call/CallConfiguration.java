package io.omniroute.filters.call;

import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.Timers;
import io.omniroute.translators.json.JsonLimits;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What calls are read by, and what comes before them and around them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimitsProperties.class, CorsProperties.class, PathProperties.class})
public class CallConfiguration {

    /** A client may take its time; one that takes nothing for longer than a provider may be silent, and a minute at least, has gone. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> stalledClients(CatalogProperties written) {
        return StalledWrites.after(Deadlines.DEFAULT.with(written.deadlines()).idle());
    }

    @Bean
    OpenConnections openConnections(LimitsProperties limits) {
        return new OpenConnections(limits.connections());
    }

    @Bean
    BodyMemory bodyMemory(LimitsProperties limits) {
        return new BodyMemory(limits);
    }

    @Bean
    CanonicalRequests canonicalRequests(PathProperties paths) {
        return new CanonicalRequests(paths);
    }

    @Bean
    OldClients oldClients() {
        return new OldClients();
    }

    @Bean
    EndpointsFirst endpointsFirst(ObjectProvider<RoutePredicateHandlerMapping> routes) {
        return new EndpointsFirst(routes);
    }

    @Bean
    ApiCorsWebFilter apiCorsWebFilter(CorsProperties settings) {
        return new ApiCorsWebFilter(settings);
    }

    @Bean
    RouteHeadersFilter routeHeadersFilter() {
        return new RouteHeadersFilter();
    }

    @Bean
    DecodeRequestFilter decodeRequestFilter(
            CatalogSource catalog, LimitsProperties limits, BodyMemory memory, JsonLimits json, Timers timers) {
        return new DecodeRequestFilter(catalog, limits, memory, json, timers);
    }
}
