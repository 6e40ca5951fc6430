package io.omniroute.filters.combo;

import io.omniroute.config.Connection;
import io.omniroute.config.Target;
import io.omniroute.redis.cooldown.Backoff;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of targets from the calls before: which account rests, and which model at which account. A failure rests as far as it
 * reaches and no further; a failure of the request, of the way to the provider or of the provider as a whole lets nothing rest. Asking
 * costs no trip to Redis. Thread-safe.
 */
public final class TargetHealth {

    private final Cooldowns cooldowns;
    private final CooldownProperties settings;
    private final ProviderBreakers breakers;

    /** @param breakers of providers */
    public TargetHealth(Cooldowns cooldowns, CooldownProperties settings, ProviderBreakers breakers) {
        this.breakers = breakers;
        this.cooldowns = cooldowns;
        this.settings = settings;
    }

    /** How long the attempt's account, or its model there, is still to rest; zero if it is not. */
    Duration left(Attempt attempt) {
        Duration provider = breakers.left(attempt.provider().id());
        if (!settings.enabled() || !provider.isZero()) {
            return provider;
        }
        Duration account = cooldowns.left(account(attempt));
        Duration model = cooldowns.left(model(attempt));
        return account.compareTo(model) > 0 ? account : model;
    }

    /** Whether a target rests at an account. */
    boolean rests(Target target, Connection account) {
        boolean provider = !breakers.left(target.provider()).isZero();
        return provider
                || (settings.enabled()
                        && !(cooldowns
                                        .left(target.provider() + "@" + account.id())
                                        .isZero()
                                && cooldowns
                                        .left(target.name() + "@" + account.id())
                                        .isZero()));
    }

    /** Why it rests, in a word. */
    String reason(Attempt attempt) {
        if (!breakers.left(attempt.provider().id()).isZero()) {
            return "breaker-open";
        }
        String account = cooldowns.left(account(attempt)).isZero() ? null : cooldowns.reason(account(attempt));
        String reason = account == null ? cooldowns.reason(model(attempt)) : account;
        return reason == null ? "cooldown" : reason;
    }

    /** The state of a provider's breaker in a word: {@code closed}, {@code degraded} (it fails often), {@code open} or {@code half-open}. */
    public String breaker(String provider) {
        return breakers.state(provider);
    }

    /** The breakers of providers. */
    ProviderBreakers breakers() {
        return breakers;
    }

    /** Notes a failure. */
    void failed(Attempt attempt, ApiError error) {
        Backoff backoff = settings.enabled() ? backoff(error) : null;
        if (backoff != null) {
            String subject = error.scope() == ErrorScope.CONNECTION ? account(attempt) : model(attempt);
            cooldowns.cool(subject, backoff, error.retryAfter(), ComboGatewayFilterFactory.kindId(error.kind()));
        }
    }

    /**
     * Notes an answer.
     *
     * @param begunAt when the attempt began, by the monotonic clock
     */
    void worked(Attempt attempt, long begunAt) {
        cooldowns.works(account(attempt), begunAt);
        cooldowns.works(model(attempt), begunAt);
    }

    private @Nullable Backoff backoff(ApiError error) {
        return switch (error.scope()) {
            case CONNECTION ->
                switch (error.kind()) {
                    case RATE_LIMITED -> settings.ofRateLimit();
                    case UPSTREAM_AUTH -> settings.ofCredential();
                    case UPSTREAM_QUOTA -> settings.ofCredit();
                    default -> null;
                };
            case MODEL ->
                switch (error.kind()) {
                    case RATE_LIMITED, OVERLOADED -> settings.ofModel();
                    case UPSTREAM_AUTH, NOT_FOUND -> settings.ofUnknownModel();
                    default -> null;
                };
            case REQUEST, PROVIDER -> null;
        };
    }

    /** The name of the account that an attempt uses, over all providers. */
    static String account(Attempt attempt) {
        return attempt.provider().id() + "@" + attempt.connection().id();
    }

    private static String model(Attempt attempt) {
        return attempt.target().name() + "@" + attempt.connection().id();
    }
}
