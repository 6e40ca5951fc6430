package io.omniroute.redis.connection;

import io.omniroute.config.Connection;
import io.omniroute.redis.Channel;
import io.omniroute.redis.LuaScript;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.secret.MasterKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Connections in Redis, their secrets sealed with the master key. Every change has a new version in the same step. All methods have the
 * deadline and the breaker of {@link RedisGuard}.
 */
public final class ConnectionStore {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionStore.class);
    private static final RedisScript<Long> PUT = LuaScript.number("connection/put");
    private static final String NEW = "new";
    private static final String OLD = "old";
    private static final String REMOVED = "";

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private final MasterKeys keys;
    private final ConnectionRecords records;

    /** @param keys seal and open what is secret */
    public ConnectionStore(ReactiveStringRedisTemplate redis, RedisGuard guard, MasterKeys keys) {
        this.redis = redis;
        this.guard = guard;
        this.keys = keys;
        this.records = new ConnectionRecords(keys);
    }

    /** Adds a connection; false if there is one of that name already. */
    public Mono<Boolean> add(StoredConnection connection) {
        return written(connection).flatMap(record -> put(connection.name(), record, NEW));
    }

    /**
     * Changes a connection, unless somebody else changes it at the same time.
     *
     * @return whether it was changed; empty if there is none of that name, fails if it cannot be opened
     */
    public Mono<Boolean> change(String provider, String id, UnaryOperator<Connection> change) {
        String name = provider + "/" + id;
        return guard.call(redis.<String, String>opsForHash().get(RedisKeys.CONNECTION_RECORDS, name))
                .publishOn(Schedulers.boundedElastic())
                .flatMap(before -> {
                    Connection connection = records.read(name, before).connection();
                    return written(new StoredConnection(provider, change.apply(connection)))
                            .flatMap(after -> put(name, after, before));
                });
    }

    /** Removes a connection; false if there was none. */
    public Mono<Boolean> remove(String provider, String id) {
        return put(provider + "/" + id, REMOVED, OLD);
    }

    /** All of them that can be opened; one that cannot is told of in the log and left out. */
    public Mono<List<StoredConnection>> all() {
        return written()
                .map(all -> all.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .flatMap(entry -> read(entry.getKey(), entry.getValue()).stream())
                        .toList());
    }

    /**
     * Seals everything with the current master key that is sealed with a former one.
     *
     * @return how many were sealed anew; fails if one cannot be opened
     */
    public Mono<Long> sealAnew() {
        return written()
                .flatMapMany(all -> Flux.fromIterable(all.entrySet()))
                .filter(entry -> {
                    String id = ConnectionRecords.keyOf(entry.getValue());
                    return !id.isEmpty() && !id.equals(keys.currentId());
                })
                .concatMap(entry -> written(opened(entry.getKey(), entry.getValue()))
                        .flatMap(record -> put(entry.getKey(), record, entry.getValue())))
                .filter(done -> done)
                .count();
    }

    /** Whoever seals all of them must know which one cannot be opened. */
    private StoredConnection opened(String name, String record) {
        try {
            return records.read(name, record);
        } catch (RuntimeException closed) {
            throw new IllegalStateException("the connection " + name + " cannot be opened: "
                    + NestedExceptionUtils.getMostSpecificCause(closed).getMessage());
        }
    }

    /** A word that is another one after every change, even where a replica that takes over lacks the last ones; empty before the first. */
    Mono<String> version() {
        return guard.call(redis.opsForValue().get(RedisKeys.CONNECTION_VERSION)).defaultIfEmpty("");
    }

    /** Says whenever another instance has changed one; an error when the subscription is lost. */
    Flux<String> pushes() {
        return new Channel(redis, guard, RedisKeys.CONNECTION_CHANNEL).messages();
    }

    private Mono<Boolean> put(String name, String record, String expected) {
        return guard.call(redis.execute(
                                PUT,
                                List.of(RedisKeys.CONNECTION_VERSION, RedisKeys.CONNECTION_RECORDS),
                                List.of(name, record, RedisKeys.CONNECTION_CHANNEL, expected, word()))
                        .next())
                .map(done -> done == 1);
    }

    private static String word() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /** Random bytes come from a file of the operating system. */
    private Mono<String> written(StoredConnection connection) {
        return Mono.fromCallable(() -> records.write(connection)).subscribeOn(Schedulers.boundedElastic());
    }

    /** Who opens seals for the first time loads classes. */
    private Mono<Map<String, String>> written() {
        return guard.call(redis.<String, String>opsForHash()
                        .entries(RedisKeys.CONNECTION_RECORDS)
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue))
                .publishOn(Schedulers.boundedElastic());
    }

    private Optional<StoredConnection> read(String name, String record) {
        try {
            return Optional.of(records.read(name, record));
        } catch (RuntimeException closed) {
            LOG.error("the connection {} cannot be used: {}", name, closed.getMessage());
            return Optional.empty();
        }
    }
}
