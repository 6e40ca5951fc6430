package io.omniroute.filters.autoconfigure;

import io.omniroute.filters.check.RouteCheck;
import io.omniroute.filters.check.KnownNames;
import io.omniroute.filters.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.omniroute.config.CatalogCheck;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.Deadlines;
import io.omniroute.config.KnownFacts;
import io.omniroute.filters.admit.AdmitCallFilter;
import io.omniroute.filters.admit.AdmitStreamFilter;
import io.omniroute.filters.admit.Concurrency;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.admit.DrainProperties;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.auth.AuthenticateGatewayFilterFactory;
import io.omniroute.filters.auth.AuthorizeModelGatewayFilterFactory;
import io.omniroute.filters.auth.KeyCheck;
import io.omniroute.filters.auth.UnknownKeys;
import io.omniroute.filters.call.ApiCorsWebFilter;
import io.omniroute.filters.call.AttemptReport;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.CanonicalRequests;
import io.omniroute.filters.call.CorsProperties;
import io.omniroute.filters.call.DecodeRequestFilter;
import io.omniroute.filters.call.EndpointsFirst;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.OldClients;
import io.omniroute.filters.call.OpenConnections;
import io.omniroute.filters.call.PathProperties;
import io.omniroute.filters.call.RouteHeadersFilter;
import io.omniroute.filters.call.StalledWrites;
import io.omniroute.filters.check.CheckConfiguration;
import io.omniroute.filters.combo.AutoProperties;
import io.omniroute.filters.combo.BreakerProperties;
import io.omniroute.filters.combo.ComboGatewayFilterFactory;
import io.omniroute.filters.combo.Composing;
import io.omniroute.filters.combo.CooldownProperties;
import io.omniroute.filters.observe.DecisionProperties;
import io.omniroute.filters.combo.RoutingConfiguration;
import io.omniroute.filters.combo.SelectionStrategy;
import io.omniroute.filters.combo.Strategies;
import io.omniroute.filters.combo.TargetChooser;
import io.omniroute.filters.conversation.ConversationConfiguration;
import io.omniroute.filters.error.ApiErrorHandler;
import io.omniroute.filters.error.BrokenRequests;
import io.omniroute.filters.error.ClimbingPathWebFilter;
import io.omniroute.filters.error.RenderErrorFilter;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.filters.kept.KeptObjectsConfiguration;
import io.omniroute.filters.models.ListModelsGatewayFilterFactory;
import io.omniroute.filters.observe.CallRecorder;
import io.omniroute.filters.observe.Decisions;
import io.omniroute.filters.observe.ObserveCallFilter;
import io.omniroute.filters.observe.ProviderStates;
import io.omniroute.filters.shape.ShapingConfiguration;
import io.omniroute.filters.upstream.UpstreamConfiguration;
import io.omniroute.redis.RedisConfigAutoConfiguration;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.json.JsonLimits;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.conditional.ConditionalOnEnabledFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** The stages, in any Spring Cloud Gateway application that has this module. */
@AutoConfiguration(before = GatewayAutoConfiguration.class, after = RedisConfigAutoConfiguration.class)
@EnableConfigurationProperties({
    LimitsProperties.class,
    DrainProperties.class,
    CorsProperties.class,
    PathProperties.class,
    CooldownProperties.class,
    BreakerProperties.class,
    DecisionProperties.class
})
@Import({
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

    // ---- what the stages share

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
    RouteCheck routeCheck(GatewayProperties gateway) {
        return new RouteCheck(gateway);
    }

    @Bean
    UnknownKeys unknownKeys(LimitsProperties limits) {
        return new UnknownKeys(limits, System::nanoTime);
    }

    @Bean
    KeyCheck keyCheck(ApiKeys keys, UnknownKeys unknown, InstantSource clock) {
        return new KeyCheck(keys, unknown, clock);
    }

    @Bean
    BodyMemory bodyMemory(LimitsProperties limits) {
        return new BodyMemory(limits);
    }

    @Bean
    Concurrency callConcurrency(LimitsProperties limits) {
        return new Concurrency("calls", limits.calls(), limits.callsPerKey());
    }

    @Bean
    Concurrency streamConcurrency(LimitsProperties limits) {
        return new Concurrency("streams", limits.streams(), limits.streamsPerKey());
    }

    @Bean
    Drain drain(ApplicationContext context, @Qualifier("callConcurrency") Concurrency calls, DrainProperties settings) {
        return new Drain(context, calls, settings);
    }

    @Bean
    NotesOfAttempts notesOfAttempts(ObjectProvider<ProviderStates> states) {
        return new NotesOfAttempts(states);
    }

    @Bean
    Decisions decisions(
            RoutingStore store, DecisionProperties settings, JsonMapper json, KnownFacts facts, InstantSource clock) {
        return new Decisions(store, settings, json, facts, clock);
    }

    @Bean
    CallRecorder callRecorder(ObjectProvider<MeterRegistry> meters, NotesOfAttempts notes, Decisions decisions) {
        return new CallRecorder(meters.getIfAvailable(CompositeMeterRegistry::new), notes, decisions, version());
    }

    @Bean
    @ConditionalOnMissingBean
    CallClient callClient(RouteLocator routes, FilteringWebHandler chain) {
        return new CallClient(routes, chain);
    }

    /** Tells the health what attempts saw, where there is one; looked up before the first call, on no event loop. */
    static final class NotesOfAttempts implements Consumer<AttemptReport>, SmartInitializingSingleton {

        private final ObjectProvider<ProviderStates> states;
        private volatile @Nullable ProviderStates known;

        NotesOfAttempts(ObjectProvider<ProviderStates> states) {
            this.states = states;
        }

        @Override
        public void afterSingletonsInstantiated() {
            known = states.getIfAvailable();
        }

        @Override
        public void accept(AttemptReport attempt) {
            ProviderStates health = known;
            if (health != null) {
                health.note(attempt);
            }
        }
    }

    // ---- before and around the chain

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
    ClimbingPathWebFilter climbingPathWebFilter(CallRecorder recorder) {
        return new ClimbingPathWebFilter(recorder);
    }

    @Bean
    BrokenRequests brokenRequests(ObjectProvider<CallRecorder> recorder) {
        return new BrokenRequests(recorder::getObject);
    }

    @Bean
    ApiErrorHandler apiErrorHandler(CallRecorder recorder) {
        return new ApiErrorHandler(recorder);
    }

    @Bean
    ApiCorsWebFilter apiCorsWebFilter(CorsProperties settings) {
        return new ApiCorsWebFilter(settings);
    }

    // ---- plumbing: on every route with an endpoint

    @Bean
    RenderErrorFilter renderErrorFilter() {
        return new RenderErrorFilter();
    }

    @Bean
    ObserveCallFilter observeCallFilter(CallRecorder recorder, Drain drain) {
        return new ObserveCallFilter(recorder, drain, version());
    }

    @Bean
    RouteHeadersFilter routeHeadersFilter() {
        return new RouteHeadersFilter();
    }

    private static String version() {
        String version = FiltersAutoConfiguration.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Bean
    AdmitCallFilter admitCallFilter(@Qualifier("callConcurrency") Concurrency calls) {
        return new AdmitCallFilter(calls);
    }

    @Bean
    DecodeRequestFilter decodeRequestFilter(
            CatalogSource catalog, LimitsProperties limits, BodyMemory memory, JsonLimits json, Timers timers) {
        return new DecodeRequestFilter(catalog, limits, memory, json, timers);
    }

    @Bean
    AdmitStreamFilter admitStreamFilter(@Qualifier("streamConcurrency") Concurrency streams) {
        return new AdmitStreamFilter(streams);
    }

    // ---- policies: where a route lists them

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

    @Bean
    @ConditionalOnEnabledFilter
    ModelAliasGatewayFilterFactory modelAliasGatewayFilterFactory() {
        return new ModelAliasGatewayFilterFactory();
    }

    @Bean
    @ConditionalOnEnabledFilter
    ComboGatewayFilterFactory comboGatewayFilterFactory(
            TargetChooser chooser, Composing composing, LimitsProperties limits) {
        return new ComboGatewayFilterFactory(chooser, composing, limits.attempts());
    }

    @Bean
    @ConditionalOnEnabledFilter
    ListModelsGatewayFilterFactory listModelsGatewayFilterFactory(CatalogSource catalog, JsonMapper json) {
        return new ListModelsGatewayFilterFactory(catalog, json);
    }
}
