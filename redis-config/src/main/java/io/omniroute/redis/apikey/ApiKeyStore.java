package io.omniroute.redis.apikey;

import io.omniroute.config.ApiKey;
import io.omniroute.config.KeyHash;
import io.omniroute.config.ModelPatterns;
import io.omniroute.redis.Channel;
import io.omniroute.redis.LuaScript;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The records of API keys in Redis. Every change moves an epoch in the same step, so an instance that has seen the epoch
 * has seen the change. All methods have the deadline and the breaker of {@link RedisGuard}.
 */
public final class ApiKeyStore {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyStore.class);

    /** How many changes one reading returns at most. */
    static final int BATCH = 1_000;

    /** Of how many changes the word is kept; who is further behind begins anew. */
    private static final String WORDS = "1000";

    private static final String YES = "1";

    private static final RedisScript<Long> PUT = LuaScript.number("apikey/put");
    private static final RedisScript<Long> PUT_FIRST = LuaScript.number("apikey/put-first");
    private static final RedisScript<Long> REVOKE = LuaScript.number("apikey/revoke");

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> CHANGES = LuaScript.texts("apikey/changes");

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public ApiKeyStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /** Creates a key or replaces its record; gives the epoch of the change. */
    public Mono<Long> put(ApiKey key) {
        return guard.call(redis.execute(
                        PUT,
                        List.of(
                                RedisKeys.API_KEY_EPOCH,
                                RedisKeys.API_KEY_CHANGES,
                                RedisKeys.API_KEY_RECORDS,
                                RedisKeys.API_KEY_HISTORY,
                                RedisKeys.API_KEY_WORDS),
                        List.of(key.hash().hex(), ApiKeyRecords.write(key), RedisKeys.API_KEY_CHANNEL, word(), WORDS))
                .next());
    }

    /** Revokes a key for good, wherever it is declared; gives the epoch of the change. */
    public Mono<Long> revoke(KeyHash hash) {
        return guard.call(redis.execute(
                        REVOKE,
                        List.of(
                                RedisKeys.API_KEY_EPOCH,
                                RedisKeys.API_KEY_CHANGES,
                                RedisKeys.API_KEY_REVOCATIONS,
                                RedisKeys.API_KEY_HISTORY,
                                RedisKeys.API_KEY_WORDS),
                        List.of(hash.hex(), RedisKeys.API_KEY_CHANNEL, word(), WORDS))
                .next());
    }

    /** Creates these keys if none was ever made; true for exactly one of several who try. */
    public Mono<Boolean> putFirst(List<ApiKey> keys) {
        List<String> arguments = new ArrayList<>(List.of(RedisKeys.API_KEY_CHANNEL, word()));
        keys.forEach(key -> {
            arguments.add(key.hash().hex());
            arguments.add(ApiKeyRecords.write(key));
        });
        return guard.call(redis.execute(
                                PUT_FIRST,
                                List.of(
                                        RedisKeys.API_KEY_EPOCH,
                                        RedisKeys.API_KEY_CHANGES,
                                        RedisKeys.API_KEY_RECORDS,
                                        RedisKeys.API_KEY_HISTORY,
                                        RedisKeys.API_KEY_WORDS),
                                arguments)
                        .next())
                .map(made -> made == 1);
    }

    /** All keys that were created at run time, revoked ones too, in no order; without a deadline, because there may be many. */
    public Flux<ApiKey> list() {
        Mono<List<String>> revoked = redis.<String, String>opsForHash()
                .keys(RedisKeys.API_KEY_REVOCATIONS)
                .collectList();
        Mono<List<ApiKey>> records = redis.<String, String>opsForHash()
                .entries(RedisKeys.API_KEY_RECORDS)
                .map(entry -> readOrInactive(new KeyHash(entry.getKey()), entry.getValue()))
                .collectList();
        return Mono.zip(records, revoked)
                .flatMapIterable(both -> both.getT1().stream()
                        .map(key -> both.getT2().contains(key.hash().hex()) ? key.revoked() : key)
                        .toList());
    }

    /** The hashes of all keys that were revoked, declared ones among them. */
    public Flux<KeyHash> revoked() {
        return redis.<String, String>opsForHash()
                .keys(RedisKeys.API_KEY_REVOCATIONS)
                .map(KeyHash::new);
    }

    /** One key by its hash, revoked or not; empty if Redis does not know it. */
    public Mono<ApiKey> find(KeyHash hash) {
        Mono<String> record = guard.call(redis.<String, String>opsForHash().get(RedisKeys.API_KEY_RECORDS, hash.hex()));
        Mono<Boolean> revoked = guard.call(redis.opsForHash().hasKey(RedisKeys.API_KEY_REVOCATIONS, hash.hex()));
        return Mono.zip(record, revoked).map(both -> {
            ApiKey key = ApiKeyRecords.read(hash, both.getT1());
            return both.getT2() ? key.revoked() : key;
        });
    }

    /** What changed since a change; everything, if Redis does not know of that one. */
    Mono<ApiKeyChanges> changesSince(ApiKeyChanges.Seen seen) {
        return guard.call(redis.execute(
                                CHANGES,
                                List.of(
                                        RedisKeys.API_KEY_EPOCH,
                                        RedisKeys.API_KEY_CHANGES,
                                        RedisKeys.API_KEY_RECORDS,
                                        RedisKeys.API_KEY_REVOCATIONS,
                                        RedisKeys.API_KEY_HISTORY,
                                        RedisKeys.API_KEY_WORDS),
                                List.of(seen.epoch(), Integer.toString(BATCH), seen.history(), seen.word()))
                        .next())
                .map(ApiKeyStore::changes);
    }

    /** Says whenever another instance has changed a key; an error when the subscription is lost. */
    Flux<String> pushes() {
        return new Channel(redis, guard, RedisKeys.API_KEY_CHANNEL).messages();
    }

    /** A record that cannot be read, of a later version perhaps, is a key that is not valid here; the others still are. */
    private static ApiKey readOrInactive(KeyHash hash, String record) {
        try {
            return ApiKeyRecords.read(hash, record);
        } catch (RuntimeException unreadable) {
            LOG.warn(
                    "the record of API key {} cannot be read and is not valid here: {}", hash, unreadable.getMessage());
            return new ApiKey("unreadable", hash, "", "", ModelPatterns.of(List.of()), Set.of(), Set.of(), null, false);
        }
    }

    private static String word() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private static ApiKeyChanges changes(List<?> reply) {
        Iterator<?> parts = reply.iterator();
        ApiKeyChanges.Seen seen = new ApiKeyChanges.Seen(next(parts), next(parts), next(parts));
        boolean more = next(parts).equals(YES);
        boolean anew = next(parts).equals(YES);
        List<ApiKeyChanges.Entry> entries = new ArrayList<>();
        while (parts.hasNext()) {
            KeyHash hash = new KeyHash(next(parts));
            String record = next(parts);
            Optional<ApiKey> key = record.isEmpty() ? Optional.empty() : Optional.of(readOrInactive(hash, record));
            entries.add(new ApiKeyChanges.Entry(hash, key, next(parts).equals(YES)));
        }
        return new ApiKeyChanges(seen, more, anew, entries);
    }

    private static String next(Iterator<?> parts) {
        return (String) parts.next();
    }
}
