package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.attempt.AccountName;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.UpstreamFailures;
import io.omniroute.redis.cooldown.Backoff;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of targets from the calls before: which account rests, and which model at which account. A failure rests as far as it
 * reaches and no further; a failure of the request, of the way to the provider or of the provider as a whole lets nothing rest, unless the
 * provider says how long to wait, or that it is overloaded. Asking costs no trip to Redis. Thread-safe.
 */
public final class TargetHealth {

    /** Providers do not say whether such a limit is that of the account or of one of its models. */
    private static final Set<String> MODELS_OWN = Set.of(ErrorKind.RATE_LIMITED.id());

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
        AccountName names = attempt.names();
        return longer(
                cooldowns.left(names.credential()),
                longer(cooldowns.left(names.account()), cooldowns.left(names.model())));
    }

    /** Whether it rests only because another model of its account was over a limit, which may have been that model's own. */
    boolean restsForAnother(Attempt attempt) {
        AccountName names = attempt.names();
        return breakers.left(attempt.provider().id()).isZero()
                && cooldowns.left(names.credential()).isZero()
                && cooldowns.left(names.model()).isZero()
                && MODELS_OWN.contains(String.valueOf(cooldowns.reason(names.account())));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Whether a target rests at an account. */
    boolean rests(Target target, AccountName names) {
        if (nothingRests()) {
            return false;
        }
        return !breakers.left(target.provider()).isZero()
                || (settings.enabled()
                        && !(cooldowns.left(names.account()).isZero()
                                && cooldowns.left(names.credential()).isZero()
                                && cooldowns.left(names.model()).isZero()));
    }

    /** Why it rests, in a word. */
    String reason(Attempt attempt) {
        if (!breakers.left(attempt.provider().id()).isZero()) {
            return ProviderBreakers.OPEN;
        }
        AccountName names = attempt.names();
        return Stream.of(names.credential(), names.account(), names.model())
                .filter(subject -> !cooldowns.left(subject).isZero())
                .map(cooldowns::reason)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("cooldown");
    }

    /** The state of a provider's breaker in a word: {@code closed}, {@code degraded} (it fails often), {@code open} or {@code half-open}. */
    public String breaker(String provider) {
        return breakers.state(provider);
    }

    /** The breakers of providers. */
    ProviderBreakers breakers() {
        return breakers;
    }

    /**
     * Notes a failure.
     *
     * @param hurried whether others would have waited longer, so that it says nothing to them
     * @param begunAt when the attempt began, by the monotonic clock
     * @param namesModel whether the model may be remembered, or is one of very many names that clients have thought of
     */
    void failed(Attempt attempt, ApiError error, boolean hurried, long begunAt, boolean namesModel) {
        Backoff backoff = settings.enabled() && !hurried ? backoff(error) : null;
        if (backoff == null) {
            return;
        }
        String reason = error.kind().id();
        String subject = subject(attempt.names(), error);
        if (namesModel || !subject.equals(attempt.names().model())) {
            cooldowns.cool(subject, backoff, error.retryAfter(), reason, begunAt);
        }
        if (namesModel && error.scope() == ErrorScope.CONNECTION && MODELS_OWN.contains(reason)) {
            // where another model of the account works all the same, the account's rest ends, and this one's does not
            cooldowns.cool(attempt.names().model(), backoff, error.retryAfter(), reason, begunAt);
        }
    }

    /** A refused credential says nothing of the one that takes its place. */
    private static String subject(AccountName names, ApiError error) {
        return switch (error.scope()) {
            case CONNECTION -> error.kind() == ErrorKind.UPSTREAM_AUTH ? names.credential() : names.account();
            case PROVIDER -> error.retryAfter() == null ? names.model() : names.account();
            case MODEL, REQUEST -> names.model();
        };
    }

    /** Notes that an answer has begun: what its account could not do, it can now. */
    void begins(Attempt attempt, long begunAt) {
        cooldowns.works(attempt.account(), begunAt);
    }

    /**
     * Notes an answer.
     *
     * @param begunAt when the attempt began, by the monotonic clock
     */
    void worked(Attempt attempt, long begunAt) {
        cooldowns.works(attempt.account(), begunAt);
        cooldowns.works(attempt.names().credential(), begunAt);
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
                    case RATE_LIMITED, OVERLOADED, TIMEOUT -> settings.ofModel();
                    case UPSTREAM_AUTH, NOT_FOUND -> settings.ofUnknownModel();
                    default -> null;
                };
            // whoever says how long it wants to be left alone is left alone, unless it is the gateway that wants for
            // connections
            case PROVIDER -> {
                if (UpstreamFailures.NO_CONNECTION.equals(error.code())) {
                    yield null;
                }
                Backoff overloaded = error.kind() == ErrorKind.OVERLOADED ? settings.ofModel() : null;
                yield error.retryAfter() == null ? overloaded : settings.ofRateLimit();
            }
            case REQUEST -> null;
        };
    }
}
