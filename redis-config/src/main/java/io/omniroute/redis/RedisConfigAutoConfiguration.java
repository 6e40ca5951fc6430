package io.omniroute.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.tracing.Tracing;
import io.omniroute.config.Catalog;
import io.omniroute.config.CatalogBinding;
import io.omniroute.config.CatalogCheck;
import io.omniroute.config.CatalogProperties;
import io.omniroute.config.CatalogReader;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.ConditionalOnText;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.ReadSettings;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.redis.connection.ConnectionStore;
import io.omniroute.redis.connection.Connections;
import io.omniroute.redis.connection.LiveCatalog;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.redis.conversation.KeptObjects;
import io.omniroute.redis.cooldown.CooldownStore;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.pacing.PaceStore;
import io.omniroute.redis.pacing.Paces;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.redis.secret.SecretsProperties;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** The catalog and the stores, in any application that has this module. */
@AutoConfiguration(
        before = DataRedisAutoConfiguration.class,
        afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@EnableConfigurationProperties({RedisProperties.class, SecretsProperties.class})
public class RedisConfigAutoConfiguration {

    private static final Duration RECONNECT = Duration.ofMillis(200);
    private static final Duration CONNECTING = Duration.ofSeconds(2);
    private static final Duration LOOK_AT_CLUSTER = Duration.ofSeconds(3);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    /** By which an operator says how a cluster is looked at. */
    private static final List<String> REFRESH = Stream.of("period", "adaptive", "dynamic-refresh-sources")
            .map(name -> "spring.data.redis.lettuce.cluster.refresh." + name)
            .toList();

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnText("omniroute.redis.url")
    DataRedisConnectionDetails redisUrlConnectionDetails(
            RedisProperties redis, ObjectProvider<SslBundles> bundles, Environment settings) {
        RedisUrl url = RedisUrl.of(redis.url());
        String bundle = redis.sslBundle();
        return new RedisUrlConnectionDetails(
                url,
                bundle == null ? null : bundles.getObject().getBundle(bundle),
                new RedisUrlConnectionDetails.SentinelUser(
                        settings.getProperty("spring.data.redis.sentinel.username", ""),
                        settings.getProperty("spring.data.redis.sentinel.password")));
    }

    /** While Redis is away a command fails at once; it does not queue up for later. */
    @Bean
    LettuceClientOptionsBuilderCustomizer redisFailsFast(Environment settings) {
        return options -> {
            options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
            if (!settings.containsProperty("spring.data.redis.connect-timeout")) {
                options.socketOptions(
                        SocketOptions.builder().connectTimeout(CONNECTING).build());
            }
        };
    }

    /** The guard's deadline decides, and not the client's, which is there for what goes past the guard. */
    @Bean
    LettuceClientConfigurationBuilderCustomizer redisDeadline(RedisProperties redis, Environment settings) {
        Duration longest = redis.deadline().compareTo(CONNECTING) > 0 ? redis.deadline() : CONNECTING;
        return client -> {
            if (!settings.containsProperty("spring.data.redis.timeout")) {
                client.commandTimeout(longest.plus(MARGIN));
            }
        };
    }

    /** A server that says nothing any more does not say who has taken its place, but the others of its cluster do. */
    @Bean
    LettuceClientConfigurationBuilderCustomizer redisClusterIsLookedAt(
            ObjectProvider<DataRedisConnectionDetails> details, Environment settings) {
        return client -> {
            DataRedisConnectionDetails known = details.getIfUnique();
            boolean told = REFRESH.stream().anyMatch(settings::containsProperty);
            if (told || known == null || known.getCluster() == null) {
                return;
            }
            ClientOptions options = client.build().getClientOptions().orElseGet(ClientOptions::create);
            client.clientOptions(ClusterClientOptions.builder(options)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh(LOOK_AT_CLUSTER)
                            .enableAllAdaptiveRefreshTriggers()
                            .build())
                    .build());
        };
    }

    /** On whose thread the client waits until Redis answers for the first time. */
    @Bean
    FirstConnection firstConnectionToRedis(ObjectProvider<ReactiveRedisConnectionFactory> factory) {
        return new FirstConnection(factory::getObject);
    }

    /**
     * Redis that is back is used again at once; the default waits for as long as it was away, up to half a minute. What has vanished without
     * a word, nobody waits for: its connections end, and the server that has taken its place is found. And
     * commands are not observed one by one: the observation of a command that is cancelled before it was written throws, the
     * error of the deadline that cancelled it is lost, and the caller waits without end.
     */
    @Bean(destroyMethod = "shutdown")
    @ConditionalOnMissingBean(ClientResources.class)
    ClientResources lettuceClientResources(ObjectProvider<ClientResourcesBuilderCustomizer> customizers) {
        DefaultClientResources.Builder resources =
                DefaultClientResources.builder().nettyCustomizer(new SilentConnections());
        customizers.orderedStream().forEach(customizer -> customizer.customize(resources));
        return resources
                .reconnectDelay(Delay.constant(RECONNECT))
                .tracing(Tracing.disabled())
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    MasterKeys masterKeys(SecretsProperties secrets) {
        return MasterKeys.of(secrets);
    }

    @Bean
    @ConditionalOnMissingBean
    ConnectionStore connectionStore(ReactiveStringRedisTemplate redis, RedisGuard guard, MasterKeys keys) {
        return new ConnectionStore(redis, guard, keys);
    }

    @Bean
    @ConditionalOnMissingBean
    Connections connections(CatalogSource catalog, ConnectionStore store, CooldownStore rests) {
        return new Connections(catalog, store, rests);
    }

    @Bean
    ReadSettings readSettings() {
        return new ReadSettings();
    }

    @Bean
    CatalogProperties catalogProperties(ConfigurableEnvironment environment) {
        return CatalogBinding.bind(environment, BindHandler.DEFAULT);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean(CatalogSource.class)
    LiveCatalog liveCatalog(
            CatalogProperties written, ObjectProvider<CatalogCheck> checks, ConnectionStore connections) {
        return new LiveCatalog(
                CatalogReader.read(written, checks.orderedStream().toList()), connections);
    }

    @Bean
    @ConditionalOnNotWebApplication
    @ConditionalOnMissingBean
    CatalogSource declaredCatalog(CatalogProperties written, ObjectProvider<CatalogCheck> checks) {
        Catalog catalog = CatalogReader.read(written, checks.orderedStream().toList());
        return () -> catalog;
    }

    @Bean
    @ConditionalOnMissingBean
    KnownFacts knownFacts() {
        return KnownFacts.shipped();
    }

    @Bean
    @ConditionalOnMissingBean
    RedisGuard redisGuard(RedisProperties redis, FirstConnection first) {
        return new RedisGuard(redis.deadline(), first);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    WriteCheck redisWriteCheck(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new WriteCheck(redis, guard);
    }

    @Bean
    @ConditionalOnMissingBean
    ApiKeyStore apiKeyStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new ApiKeyStore(redis, guard);
    }

    @Bean
    @ConditionalOnMissingBean
    ConversationStore conversationStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new ConversationStore(redis, guard);
    }

    @Bean
    @ConditionalOnMissingBean
    KeptObjects keptObjects(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new KeptObjects(redis, guard);
    }

    @Bean
    @ConditionalOnMissingBean
    CooldownStore cooldownStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new CooldownStore(redis, guard);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    Cooldowns cooldowns(CooldownStore store) {
        return new Cooldowns(store, System::nanoTime);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    Paces paces(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new Paces(new PaceStore(redis, guard));
    }

    @Bean
    @ConditionalOnMissingBean
    RoutingStore routingStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new RoutingStore(redis, guard);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    TargetStatistics targetStatistics(RoutingStore store) {
        return new TargetStatistics(store, InstantSource.system(), System::nanoTime);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    AccountQuotas accountQuotas(RoutingStore store) {
        return new AccountQuotas(store);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    DeploymentSecret deploymentSecret(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        return new DeploymentSecret(redis, guard);
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    ApiKeys apiKeys(CatalogSource catalog, ApiKeyStore store, RedisProperties redis) {
        return new ApiKeys(catalog, store, redis.apiKeys().staleness(), System::nanoTime);
    }
}
