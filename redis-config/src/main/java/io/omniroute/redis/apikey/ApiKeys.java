package io.omniroute.redis.apikey;

import io.omniroute.config.ApiKey;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.KeyHash;
import io.omniroute.redis.Background;
import io.omniroute.redis.CallThread;
import io.omniroute.redis.Insisting;
import io.omniroute.redis.RedisGuard;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * This instance's copy of all API keys: those declared in YAML and those in Redis. A revocation takes effect within a
 * second, even if its message is lost.
 *
 * <p>How: Redis counts changes (the epoch). A push wakes the reader; beside it the epoch is read every 400 ms; and a call
 * that finds the last successful reading to have begun more than a second ago, by the monotonic clock, awaits one. While
 * Redis is away the copy serves up to its greatest staleness, then nobody is let in. Thread-safe; a look-up in the steady
 * state touches only memory.
 */
public final class ApiKeys extends Background {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final Duration EPOCH_PERIOD = Duration.ofMillis(400);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int AT_A_TIME = 16;
    private static final Duration NEGATIVE = Duration.ofSeconds(5);
    private static final int MOST_NEGATIVES = 10_000;

    private final CatalogSource catalog;
    private final ApiKeyStore store;
    private final Duration maxStaleness;
    private final LongSupplier nanoTime;

    private final Map<KeyHash, ApiKey> known = new ConcurrentHashMap<>();
    private final Set<KeyHash> revoked = ConcurrentHashMap.newKeySet();
    /** Lost revocations that are being written again. */
    private final Set<KeyHash> revokedAgain = ConcurrentHashMap.newKeySet();

    private final Map<KeyHash, Long> negatives = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Mono<Void>> reading = new AtomicReference<>();
    private volatile ApiKeyChanges.Seen seen = ApiKeyChanges.Seen.NOTHING;
    private volatile long freshSince;
    private volatile boolean everRead;
    private volatile boolean stale;

    /**
     * @param maxStaleness how old the copy may be while Redis is away; zero lets nobody in without Redis
     * @param nanoTime the monotonic clock
     */
    public ApiKeys(CatalogSource catalog, ApiKeyStore store, Duration maxStaleness, LongSupplier nanoTime) {
        this.catalog = catalog;
        this.store = store;
        this.maxStaleness = maxStaleness;
        this.nanoTime = nanoTime;
    }

    /**
     * The key of that hash, expired or revoked ones too; empty if nobody knows it.
     *
     * @return fails with {@link KeysUnavailable} if that cannot be said, because Redis is away for too long
     */
    public Mono<ApiKey> find(KeyHash hash) {
        if (isFresh()) {
            return localOrMadeSince(hash);
        }
        // a reading that was joined may have begun before a pause, so the second one is sure to have begun after it
        // the one that was joined tells its readers on a thread of its own
        return CallThread.back(refresh().then(Mono.defer(() -> isFresh() ? Mono.empty() : refresh())))
                .then(Mono.defer(() -> localOrMadeSince(hash)))
                .onErrorResume(failure -> withoutRedis(hash));
    }

    private Mono<ApiKey> localOrMadeSince(KeyHash hash) {
        ApiKey key = local(hash);
        return key != null ? Mono.just(key) : unknown(hash);
    }

    /** A key that the copy does not know may be valid all the same, so without Redis nobody can say. */
    private Mono<ApiKey> withoutRedis(KeyHash hash) {
        ApiKey key = isUsable() ? local(hash) : null;
        return key == null ? Mono.error(new KeysUnavailable()) : Mono.just(key);
    }

    /** The key, valid or not, as this copy has it; {@code null} if it does not, which says nothing about keys made a moment ago. */
    public @Nullable ApiKey known(KeyHash hash) {
        return local(hash);
    }

    /** Whether this copy has the key, valid or not; says nothing about keys made a moment ago. */
    public boolean isKnown(KeyHash hash) {
        return local(hash) != null;
    }

    /** Whether this copy is known to be at most a second old. */
    public boolean isFresh() {
        return everRead && age().compareTo(FRESH) <= 0;
    }

    /** How long ago the last successful reading began; without one, since the start. */
    public Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - freshSince);
    }

    /** Reads what changed since the last reading; readers at the same time share one. */
    public Mono<Void> refresh() {
        return Mono.defer(() -> {
            Mono<Void> shared = reading.updateAndGet(
                    known -> known == null ? Mono.defer(this::read).cache() : known);
            return shared == null ? Mono.<Void>empty() : shared;
        });
    }

    @Override
    protected Disposable begin() {
        freshSince = nanoTime.getAsLong();
        Flux<?> polls = Flux.interval(Duration.ZERO, EPOCH_PERIOD).onBackpressureDrop();
        Flux<?> pushes = subscribed(store::pushes, EPOCH_PERIOD).onBackpressureLatest();
        return goesOn(Flux.merge(polls, pushes)
                .onBackpressureLatest()
                .concatMap(wake -> refresh().onErrorResume(this::stayAsItIs), 1));
    }

    /** Whether this copy may let anybody in, if Redis does not answer. */
    public boolean isUsable() {
        return everRead && age().compareTo(maxStaleness) <= 0;
    }

    private @Nullable ApiKey local(KeyHash hash) {
        ApiKey key = known.get(hash);
        if (key == null) {
            key = catalog.current().keys().get(hash);
        }
        return key != null && revoked.contains(hash) ? key.revoked() : key;
    }

    /** A key that the copy does not know may have been made a moment ago: one look-up, remembered for a while. */
    private Mono<ApiKey> unknown(KeyHash hash) {
        Long until = negatives.get(hash);
        if (until != null && nanoTime.getAsLong() - until < 0) {
            return Mono.empty();
        }
        return store.find(hash)
                .map(key -> revoked.contains(hash) ? key.revoked() : key)
                .onErrorMap(failure -> new KeysUnavailable())
                .switchIfEmpty(Mono.fromRunnable(() -> rememberUnknown(hash)));
    }

    private void rememberUnknown(KeyHash hash) {
        if (negatives.size() >= MOST_NEGATIVES) {
            negatives.clear();
        }
        negatives.put(hash, nanoTime.getAsLong() + NEGATIVE.toNanos());
    }

    private Mono<Void> read() {
        long began = nanoTime.getAsLong();
        return Mono.defer(() -> readBatch(new Reading()))
                .doOnSuccess(done -> {
                    freshSince = began;
                    everRead = true;
                    if (stale) {
                        stale = false;
                        LOG.info("API keys are read from Redis again");
                    }
                })
                // before its readers go on: one that finds the copy too old begins another reading and never joins this
                // one
                .doOnTerminate(() -> reading.set(null));
    }

    /** What was read so far by a reading, which may take several answers. */
    private final class Reading {

        private final Map<KeyHash, ApiKey> read = new HashMap<>();
        private final Set<KeyHash> alsoRevoked = new HashSet<>();
        private ApiKeyChanges.Seen upTo = seen;
        private boolean anew;

        void add(ApiKeyChanges changes) {
            if (changes.anew()) {
                anew = true;
                read.clear();
                alsoRevoked.clear();
            }
            for (ApiKeyChanges.Entry entry : changes.entries()) {
                if (entry.revoked()) {
                    revoked.add(entry.hash());
                    alsoRevoked.add(entry.hash());
                }
                entry.record().ifPresent(key -> read.put(entry.hash(), key));
            }
            upTo = changes.seen();
        }

        /** Takes the place of what was known: not before all of it is there, so that nobody is shut out by half of it. */
        void end() {
            if (anew) {
                known.keySet().retainAll(read.keySet());
                revokeAgain(revoked.stream()
                        .filter(hash -> !alsoRevoked.contains(hash))
                        .toList());
            }
            known.putAll(read);
            read.keySet().forEach(negatives::remove);
            seen = upTo;
        }
    }

    private Mono<Void> readBatch(Reading reading) {
        return store.changesSince(reading.upTo).flatMap(changes -> {
            reading.add(changes);
            if (changes.more()) {
                return readBatch(reading);
            }
            reading.end();
            return Mono.empty();
        });
    }

    /** A key is revoked for good, even if Redis has lost that: instances that begin later would not know it. */
    private void revokeAgain(List<KeyHash> hashes) {
        Flux.fromIterable(hashes)
                .filter(revokedAgain::add)
                .flatMap(this::revokedAgain, AT_A_TIME)
                .subscribe(done -> {}, defects()::note);
    }

    private Mono<Void> revokedAgain(KeyHash hash) {
        return Insisting.on(store.revoke(hash))
                .doOnNext(again -> LOG.warn(
                        "Redis had lost that the key with hash {}... is revoked",
                        hash.hex().substring(0, 8)))
                .then()
                .onErrorResume(away -> {
                    LOG.warn("a lost revocation could not be written again: {}", RedisGuard.reason(away));
                    return Mono.empty();
                })
                .doFinally(signal -> revokedAgain.remove(hash));
    }

    private Mono<Void> stayAsItIs(Throwable failure) {
        if (!isFresh() && !stale) {
            stale = true;
            LOG.warn(
                    "API keys cannot be read from Redis ({}); {}",
                    RedisGuard.reason(failure),
                    everRead ? "the copy serves for a while" : "none was ever read, so nobody can be let in");
        }
        return goOn(failure);
    }

    /** All keys that this instance knows, for those who list them. */
    public Map<KeyHash, ApiKey> all() {
        Map<KeyHash, ApiKey> all = new LinkedHashMap<>(catalog.current().keys());
        all.putAll(known);
        all.replaceAll((hash, key) -> Optional.ofNullable(local(hash)).orElse(key));
        return all;
    }
}
