package io.omniroute.redis.secret;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that secrets in Redis are sealed with.
 *
 * @param masterKey 32 random bytes in base64 or hexadecimal; seals and opens
 * @param formerMasterKeys the ones before, which only open
 */
@ConfigurationProperties("omniroute.secrets")
public record SecretsProperties(
        @DefaultValue("") String masterKey, @DefaultValue List<String> formerMasterKeys) {

    @Override
    public String toString() {
        return "***";
    }
}
