package io.omniroute.filters.combo;

import io.omniroute.redis.cooldown.Backoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long accounts and models rest after failures that they would only repeat. What a provider asks for goes before these times; a
 * failure that follows a rest doubles them, up to the longest.
 *
 * @param enabled whether anything rests
 * @param rateLimit an account that is over its limit of calls
 * @param rateLimitMost the same, at most
 * @param credential how long an account is disabled whose credential was refused, before it is called again
 * @param credentialMost the same, at most
 * @param credit an account without credit
 * @param creditMost the same, at most
 * @param model a model that is overloaded, or out of quota
 * @param modelMost the same, at most
 * @param unknownModel a model that the provider does not know, or the account may not use
 * @param unknownModelMost the same, at most
 */
@ConfigurationProperties("omniroute.cooldowns")
public record CooldownProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("3s") Duration rateLimit,
        @DefaultValue("96s") Duration rateLimitMost,
        @DefaultValue("15m") Duration credential,
        @DefaultValue("24h") Duration credentialMost,
        @DefaultValue("10m") Duration credit,
        @DefaultValue("6h") Duration creditMost,
        @DefaultValue("2s") Duration model,
        @DefaultValue("60s") Duration modelMost,
        @DefaultValue("2m") Duration unknownModel,
        @DefaultValue("30m") Duration unknownModelMost) {

    Backoff ofRateLimit() {
        return new Backoff(rateLimit, rateLimitMost);
    }

    Backoff ofCredential() {
        return new Backoff(credential, credentialMost);
    }

    Backoff ofCredit() {
        return new Backoff(credit, creditMost);
    }

    Backoff ofModel() {
        return new Backoff(model, modelMost);
    }

    Backoff ofUnknownModel() {
        return new Backoff(unknownModel, unknownModelMost);
    }
}
