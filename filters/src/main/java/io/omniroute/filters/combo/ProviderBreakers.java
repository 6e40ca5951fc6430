package io.omniroute.filters.combo;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.omniroute.redis.cooldown.Cooldown;
import io.omniroute.redis.cooldown.Cooldowns;
import io.omniroute.redis.routing.RoutingStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigurationProperties;
import org.springframework.cloud.client.circuitbreaker.ReactiveCircuitBreaker;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A breaker for every provider, with which all instances open and close together. It opens after failures in a row of the provider as a
 * whole; rates, credentials and models are the business of {@link TargetHealth}. The verdict on a call is given at its first content
 * or failure, and none where the client leaves. After its time one call of one instance tries again. Thread-safe; nothing waits but
 * that one try, for Redis.
 */
public final class ProviderBreakers {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderBreakers.class);
    private static final String SUBJECT = Cooldowns.PROVIDER;
    /** How long it takes at most until all instances know of a breaker that has opened. */
    private static final Duration NEWS = Duration.ofSeconds(1);
    /** Why a target rests whose provider is left alone. */
    static final String OPEN = "breaker-open";

    /** The state of a provider that may be tried again. */
    static final String HALF_OPEN = "half-open";

    private static final String CLOSED = "closed";

    private final BreakerProperties settings;
    private final Cooldowns shared;
    private final Probes probes;
    private final ReactiveResilience4JCircuitBreakerFactory factory;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

    public ProviderBreakers(BreakerProperties settings, Cooldowns shared, RoutingStore probes) {
        this.settings = settings;
        this.shared = shared;
        this.probes = new Probes(probes, settings.reset().compareTo(NEWS) < 0 ? settings.reset() : NEWS);
        Resilience4JConfigurationProperties withoutLimit = new Resilience4JConfigurationProperties();
        withoutLimit.setDisableTimeLimiter(true);
        this.factory = new ReactiveResilience4JCircuitBreakerFactory(
                CircuitBreakerRegistry.of(config()), TimeLimiterRegistry.ofDefaults(), null, withoutLimit);
        shared.onChange(this::changedElsewhere);
    }

    private CircuitBreakerConfig config() {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                // the default one takes a lock, and event loops count here
                .slidingWindowSynchronizationStrategy(
                        CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .slidingWindowSize(settings.failures())
                .minimumNumberOfCalls(settings.failures())
                .failureRateThreshold(100)
                .permittedNumberOfCallsInHalfOpenState(1)
                // a try that nobody tells the end of must not be waited for without end
                .maxWaitDurationInHalfOpenState(Probes.LONGEST)
                .waitIntervalFunctionInOpenState(
                        opening -> settings.backoff().after(opening - 1).toMillis())
                .ignoreException(failure -> failure instanceof Verdict.Neither)
                .build();
    }

    /** Whether calls of a provider go through as always. */
    boolean isClosed(String provider) {
        Breaker breaker = breakers.get(provider);
        return breaker == null || breaker.own().getState() == CircuitBreaker.State.CLOSED;
    }

    /** The state of a provider's breaker in a word: {@code closed}, {@code degraded} (it fails often), {@code open} or {@code half-open}. */
    String state(String provider) {
        Breaker breaker = breakers.get(provider);
        if (breaker == null && shared.isEmpty()) {
            return CLOSED;
        }
        if (!left(provider).isZero()) {
            return "open";
        }
        if (breaker == null) {
            return CLOSED;
        }
        int failed = breaker.own().getMetrics().getNumberOfFailedCalls();
        return switch (breaker.own().getState()) {
            case OPEN, FORCED_OPEN, HALF_OPEN -> HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> failed >= settings.degraded() ? "degraded" : CLOSED;
        };
    }

    /** How long a provider is still left alone; zero if it may be called, or be tried again. */
    Duration left(String provider) {
        return settings.enabled() ? shared.left(SUBJECT + provider) : Duration.ZERO;
    }

    /**
     * The verdict on a try of a provider that was left alone; empty if this call may not try: one call of all instances may, when the
     * time has passed.
     */
    Mono<Verdict> probe(String provider, String call) {
        if (!left(provider).isZero()) {
            return Mono.empty();
        }
        return probes.may(provider, call).filter(may -> may).flatMap(may -> Mono.justOrEmpty(probing(provider, call)));
    }

    /** The verdict on the try that Redis lets through; none if this instance has one running, which Redis may not know. */
    private Optional<Verdict> probing(String provider, String call) {
        Verdict verdict = begin(provider);
        // another instance's try may have failed between the question and the answer
        boolean tooLate = !left(provider).isZero();
        if (tooLate) {
            verdict.leaves();
        }
        if (settings.enabled() && (tooLate || verdict.isNone())) {
            probes.notMade(provider, call);
            return Optional.empty();
        }
        return Optional.of(verdict.of(probes.begin(provider, call)));
    }

    /** Begins a call of a provider, whose verdict is to be told. */
    Verdict begin(String provider) {
        if (!settings.enabled()) {
            return Verdict.none();
        }
        Sinks.One<Boolean> told = Sinks.one();
        boolean[] refused = new boolean[1];
        Breaker breaker = breakers.computeIfAbsent(provider, this::make);
        breaker.around()
                .run(told.asMono())
                .subscribe(answered -> {}, failure -> refused[0] = failure instanceof CallNotPermittedException);
        int openings = breaker.openings().get();
        return new Verdict(refused[0] ? null : told, () -> breaker.openings().get() == openings, breaker.failing());
    }

    private Breaker make(String provider) {
        ReactiveCircuitBreaker around = factory.create(provider);
        CircuitBreaker own = factory.getCircuitBreakerRegistry().circuitBreaker(provider, config());
        AtomicInteger openings = new AtomicInteger();
        AtomicInteger failing = new AtomicInteger();
        own.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition().getToState()) {
                case OPEN -> {
                    openings.incrementAndGet();
                    if (failing.get() > 0) {
                        opened(provider);
                    } else if (event.getStateTransition() == CircuitBreaker.StateTransition.HALF_OPEN_TO_OPEN
                            && left(provider).isZero()) {
                        // nobody has called it for a long time, which says nothing of it
                        own.transitionToHalfOpenState();
                    }
                }
                case CLOSED -> closed(provider);
                default -> {
                    // half open: whoever calls next asks whether it may
                }
            }
        });
        return new Breaker(around, own, openings, failing);
    }

    private void opened(String provider) {
        LOG.warn("provider {} fails; it is left alone for a while", provider);
        shared.cool(SUBJECT + provider, settings.backoff(), null, OPEN, System.nanoTime());
    }

    private void closed(String provider) {
        LOG.info("provider {} works again", provider);
        shared.works(SUBJECT + provider, System.nanoTime());
    }

    /** Another instance has opened or closed its breaker. */
    private void changedElsewhere(Cooldown rest) {
        if (!rest.subject().startsWith(SUBJECT) || !settings.enabled()) {
            return;
        }
        String provider = rest.subject().substring(SUBJECT.length());
        boolean unknown = !breakers.containsKey(provider);
        CircuitBreaker own = breakers.computeIfAbsent(provider, this::make).own();
        if (rest.count() == 0) {
            if (own.getState() != CircuitBreaker.State.CLOSED) {
                own.transitionToClosedState();
            }
        } else if (own.getState() != CircuitBreaker.State.OPEN && rest.left().toMillis() > 0) {
            own.transitionToOpenStateFor(rest.left());
        } else if (unknown && own.getState() == CircuitBreaker.State.CLOSED) {
            // an instance that has just started: nobody has found out yet whether it works again
            own.transitionToOpenState();
            own.transitionToHalfOpenState();
        }
    }

    /**
     * A provider's breaker.
     *
     * @param openings how often it has opened
     * @param failing how many failures it is being told of: what it opens for then, others are to know
     */
    private record Breaker(
            ReactiveCircuitBreaker around, CircuitBreaker own, AtomicInteger openings, AtomicInteger failing) {}
}
