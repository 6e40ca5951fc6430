package io.omniroute.filters.combo;

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

    /** Whether nothing rests, as far as anybody knows. */
    boolean nothingRests() {
        return cooldowns.isEmpty();
    }

    /** How long the attempt's account, or its model there, is still to rest; zero if it is not. */
    Duration left(Attempt attempt) {
        Duration provider = breakers.left(attempt.provider().id());
        if (!settings.enabled() || !provider.isZero()) {
            return provider;
        }
        Duration account = cooldowns.left(attempt.account());
        Duration model = cooldowns.left(attempt.name());
        return account.compareTo(model) > 0 ? account : model;
    }

    /** Whether a target rests at an account. */
    boolean rests(Target target, AccountName names) {
        if (nothingRests()) {
            return false;
        }
        return !breakers.left(target.provider()).isZero()
                || (settings.enabled()
                        && !(cooldowns.left(names.account()).isZero()
                                && cooldowns.left(names.model()).isZero()));
    }

    /** Why it rests, in a word. */
    String reason(Attempt attempt) {
        if (!breakers.left(attempt.provider().id()).isZero()) {
            return ProviderBreakers.OPEN;
        }
        String account = cooldowns.left(attempt.account()).isZero() ? null : cooldowns.reason(attempt.account());
        String reason = account == null ? cooldowns.reason(attempt.name()) : account;
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
            String subject = error.scope() == ErrorScope.CONNECTION ? attempt.account() : attempt.name();
            cooldowns.cool(subject, backoff, error.retryAfter(), ComboGatewayFilterFactory.kindId(error.kind()));
        }
    }

    /**
     * Notes an answer.
     *
     * @param begunAt when the attempt began, by the monotonic clock
     */
    void worked(Attempt attempt, long begunAt) {
        cooldowns.works(attempt.account(), begunAt);
        cooldowns.works(attempt.name(), begunAt);
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
}
