package io.omniroute.app.local;

import io.omniroute.config.CatalogSource;
import io.omniroute.config.ConditionalOnText;
import io.omniroute.redis.RedisConfigAutoConfiguration;
import io.omniroute.redis.RedisUrl;
import io.omniroute.redis.RedisUrlConnectionDetails;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.secret.MasterKeys;
import io.omniroute.redis.secret.SecretsProperties;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;

/**
 * The local default, of {@link LocalDefault}. The embedded Redis only where no other one is configured; bean
 * dependencies give the order, it starts before Lettuce connects and stops after.
 */
@AutoConfiguration(before = {DataRedisAutoConfiguration.class, RedisConfigAutoConfiguration.class})
@Profile(LocalDefault.PROFILES)
@EnableConfigurationProperties(LocalProperties.class)
public class LocalAutoConfiguration {

    @Bean
    @ConditionalOnText(value = "omniroute.redis.url", missing = true)
    EmbeddedRedis embeddedRedis(LocalProperties local) {
        return EmbeddedRedis.open(local.dataDir());
    }

    @Bean
    @ConditionalOnText(value = "omniroute.redis.url", missing = true)
    RedisKeeper embeddedRedisKeeper(EmbeddedRedis redis) {
        return new RedisKeeper(redis);
    }

    @Bean
    @ConditionalOnText(value = "omniroute.redis.url", missing = true)
    DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedis redis) {
        RedisAddress address = redis.address();
        RedisUrl url = new RedisUrl(
                RedisUrl.Kind.STANDALONE,
                false,
                null,
                address.password(),
                List.of(new RedisUrl.Node("127.0.0.1", address.port())),
                0,
                "");
        return new RedisUrlConnectionDetails(url, null);
    }

    /** Without one that is configured, one that is kept beside the data. */
    @Bean
    @ConditionalOnText(value = "omniroute.secrets.master-key", missing = true)
    MasterKeys masterKeys(LocalProperties local, SecretsProperties secrets) {
        return MasterKeys.of(new SecretsProperties(MasterKeyFile.read(local.dataDir()), secrets.formerMasterKeys()));
    }

    @Bean
    @ConditionalOnWebApplication
    @ConditionalOnMissingBean
    LocalSandbox localSandbox(LocalProperties local) {
        return new LocalSandbox(local);
    }

    @Bean
    @ConditionalOnWebApplication
    FirstRun firstRun(ApiKeyStore store, CatalogSource catalog, LocalProperties local) {
        return new FirstRun(store, catalog, local, Terminal.standard());
    }
}
