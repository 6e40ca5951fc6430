package io.omniroute.redis.routing;

import io.omniroute.redis.Defects;
import io.omniroute.redis.LuaScript;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counters of targets and combos in Redis. All methods have the deadline and the breaker of {@link RedisGuard}. */
public final class RoutingStore {

    private static final RedisScript<Long> PROBED = LuaScript.number("routing/probed");
    private static final RedisScript<Long> PROBING = LuaScript.number("routing/probing");

    /** How long a try of a provider lasts that nobody says anything of: its instance is gone then. */
    public static final Duration PROBE = Duration.ofSeconds(6);

    private static final Duration WEEK = Duration.ofDays(7);
    /** For how long minutes of statistics, and what an instance says of its running calls, are kept. */
    private static final Duration MINUTES = Duration.ofMinutes(20);

    /** For how long calls begin whose decisions stand together: few enough that Redis lets go of them in no time. */
    private static final Duration TOGETHER = Duration.ofSeconds(10);
    /** The version of UUIDs that begin with the milliseconds since 1970, as RFC 9562 has it. */
    private static final int TIMED = 7;

    private static final int TIME_SHIFT = 16;

    private static final long DAY_NANOS = Duration.ofDays(1).toNanos();

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private final Defects defects = new Defects(RoutingStore.class);
    /** On which day the time of a combo's turns was last prolonged. */
    private final Map<String, Long> prolonged = new ConcurrentHashMap<>();

    public RoutingStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /** The next turn of a combo, from 1; no two calls get the same. */
    public Mono<Long> turn(String combo) {
        String key = RedisKeys.turns(combo);
        return guard.call(redis.opsForValue().increment(key)).doOnNext(turn -> prolong(key));
    }

    /** How many turns a combo has taken. */
    public Mono<Long> turns(String combo) {
        return guard.call(redis.opsForValue().get(RedisKeys.turns(combo)))
                .map(Long::parseLong)
                .defaultIfEmpty(0L);
    }

    /**
     * Keeps records of how calls were decided, for a time at least. Those of calls that began at about the same time stand in one hash, so
     * that many are one command.
     *
     * @param records JSON by the request's id, which says when it began
     */
    public Mono<Void> keepDecisions(Map<String, String> records, Duration time) {
        Map<String, Map<String, String>> together = new HashMap<>();
        records.forEach((id, record) -> placeOf(id)
                .ifPresent(key ->
                        together.computeIfAbsent(key, first -> new HashMap<>()).put(id, record)));
        return guard.call(Flux.fromIterable(together.entrySet())
                .flatMap(entry -> together(
                        redis.opsForHash().putAll(entry.getKey(), entry.getValue()),
                        redis.expire(entry.getKey(), time.plus(TOGETHER))))
                .then());
    }

    /** The record of how a call was decided; empty if it is not known, or not any more. */
    public Mono<String> decision(String requestId) {
        return Mono.justOrEmpty(placeOf(requestId))
                .flatMap(key -> guard.call(redis.<String, String>opsForHash().get(key, requestId)));
    }

    /** Where the decision of a call is kept; empty for what is no id of the gateway's own. */
    private static Optional<String> placeOf(String requestId) {
        try {
            UUID id = UUID.fromString(requestId);
            return id.version() == TIMED
                    ? Optional.of(
                            RedisKeys.decisions((id.getMostSignificantBits() >>> TIME_SHIFT) / TOGETHER.toMillis()))
                    : Optional.empty();
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    /**
     * Whether a call is the one that may try a provider again; asked by all, granted to one for {@link #PROBE}, and for longer as long as
     * its instance says that it goes on.
     *
     * @param call names the one that asks
     */
    public Mono<Boolean> mayProbe(String provider, String call) {
        return guard.call(redis.opsForValue().setIfAbsent(RedisKeys.probe(provider), call, PROBE));
    }

    /** The try of that call goes on. */
    public Mono<Void> probing(String provider, String call) {
        return probing(provider, call, PROBE);
    }

    /** The try of that call has failed; nobody else tries before all instances know. */
    public Mono<Void> probeFailed(String provider, String call, Duration untilKnown) {
        return probing(provider, call, untilKnown);
    }

    private Mono<Void> probing(String provider, String call, Duration time) {
        return guard.call(redis.execute(
                                PROBING,
                                List.of(RedisKeys.probe(provider)),
                                List.of(call, Long.toString(time.toMillis())))
                        .next())
                .then();
    }

    /** The try of that call is over; the next one may be another instance's. */
    public Mono<Void> probed(String provider, String call) {
        return guard.call(redis.execute(PROBED, List.of(RedisKeys.probe(provider)), List.of(call))
                        .next())
                .then();
    }

    /** The targets that have answered last, by the combo. */
    public Mono<Map<String, String>> lastGood() {
        return guard.call(redis.<String, String>opsForHash()
                .entries(RedisKeys.LAST_GOOD)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Remembers the target that has answered last. */
    public Mono<Void> answered(String combo, String target) {
        return guard.call(together(
                redis.opsForHash().put(RedisKeys.LAST_GOOD, combo, target), redis.expire(RedisKeys.LAST_GOOD, WEEK)));
    }

    /**
     * Says how many calls run in an instance, and asks how many run in all. What nobody has said anything of for a while is forgotten.
     *
     * @param instance the one that speaks
     */
    Mono<Map<String, RunningCalls>> running(String instance, RunningCalls own) {
        String key = RedisKeys.RUNNING;
        long forgotten = own.at() - MINUTES.toMillis();
        return guard.call(together(redis.opsForHash().put(key, instance, own.written()), redis.expire(key, MINUTES))
                .thenMany(redis.<String, String>opsForHash().entries(key))
                .collectMap(Map.Entry::getKey, entry -> RunningCalls.read(entry.getValue()))
                .flatMap(all -> {
                    Object[] gone = all.entrySet().stream()
                            .filter(entry -> entry.getValue().at() < forgotten)
                            .map(Map.Entry::getKey)
                            .toArray();
                    return gone.length == 0
                            ? Mono.just(all)
                            : redis.opsForHash().remove(key, gone).thenReturn(all);
                }));
    }

    /**
     * Writes what providers have told of accounts, and reads what they have told all instances.
     *
     * @param own the texts of accounts, may be none
     */
    Mono<Map<String, String>> quotas(Map<String, String> own) {
        String key = RedisKeys.QUOTAS;
        Mono<Void> written =
                own.isEmpty() ? Mono.empty() : together(redis.opsForHash().putAll(key, own), redis.expire(key, WEEK));
        return guard.call(written.thenMany(redis.<String, String>opsForHash().entries(key))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Adds to the counters of a minute. */
    Mono<Void> add(long minute, Map<String, Long> counters) {
        String key = RedisKeys.statistics(minute);
        List<Mono<?>> commands = new ArrayList<>();
        counters.forEach((counter, more) -> commands.add(redis.opsForHash().increment(key, counter, more)));
        // right behind the first, which makes the key: nothing stays for good that nobody comes back to
        commands.add(Math.min(1, commands.size()), redis.expire(key, MINUTES));
        return guard.call(
                Flux.fromIterable(commands).flatMap(command -> command).then());
    }

    /** The counters of a minute. */
    Mono<Map<String, String>> counters(long minute) {
        return guard.call(redis.<String, String>opsForHash()
                .entries(RedisKeys.statistics(minute))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sent one behind the other, and not one when the other has been answered: nothing stays for good that nobody comes back to. */
    private static Mono<Void> together(Mono<?>... commands) {
        return Flux.just(commands).flatMap(command -> command).then();
    }

    /** Once a day and instance is often enough for a week. */
    private void prolong(String key) {
        long day = System.nanoTime() / DAY_NANOS;
        Long before = prolonged.get(key);
        if (before == null || before != day) {
            prolonged.put(key, day);
            guard.call(redis.expire(key, WEEK)).subscribe(done -> {}, away -> {
                prolonged.remove(key);
                defects.note(away);
            });
        }
    }
}
