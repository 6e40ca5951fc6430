package io.omniroute.redis.routing;

import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.Map;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counters of targets and combos in Redis. All methods have the deadline and the breaker of {@link RedisGuard}. */
public final class RoutingStore {

    private static final Duration WEEK = Duration.ofDays(7);
    private static final int LONGEST_ID = 200;
    private static final Duration MINUTES = Duration.ofMinutes(20);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public RoutingStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /** The next turn of a combo, from 1; no two calls get the same. */
    public Mono<Long> turn(String combo) {
        String key = RedisKeys.turns(combo);
        return guard.call(redis.opsForValue().increment(key)).doOnNext(turn -> prolong(turn, key));
    }

    /** How many turns a combo has taken. */
    public Mono<Long> turns(String combo) {
        return guard.call(redis.opsForValue().get(RedisKeys.turns(combo)))
                .map(Long::parseLong)
                .defaultIfEmpty(0L);
    }

    /** Keeps the record of how a call was decided, for a time. */
    public Mono<Void> keepDecision(String requestId, String json, Duration time) {
        return guard.call(redis.opsForValue().set(RedisKeys.decision(requestId), json, time))
                .then();
    }

    /** The record of how a call was decided; empty if it is not known, or not any more. */
    public Mono<String> decision(String requestId) {
        return requestId.length() > LONGEST_ID
                ? Mono.empty()
                : guard.call(redis.opsForValue().get(RedisKeys.decision(requestId)));
    }

    /** Whether this instance is the one that may try a provider again; asked by all, granted to one for a time. */
    public Mono<Boolean> mayProbe(String provider, Duration time) {
        return guard.call(redis.opsForValue().setIfAbsent(RedisKeys.probe(provider), "1", time));
    }

    /** The try is over; the next one may be another instance's. */
    public Mono<Void> probed(String provider) {
        return guard.call(redis.delete(RedisKeys.probe(provider))).then();
    }

    /** The targets that have answered last, by the combo. */
    public Mono<Map<String, String>> lastGood() {
        return guard.call(redis.<String, String>opsForHash()
                .entries(RedisKeys.LAST_GOOD)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Remembers the target that has answered last. */
    public Mono<Void> answered(String combo, String target) {
        return guard.call(redis.opsForHash()
                .put(RedisKeys.LAST_GOOD, combo, target)
                .then(redis.expire(RedisKeys.LAST_GOOD, WEEK))
                .then());
    }

    /** Adds to the counters of a minute. */
    Mono<Void> add(long minute, Map<String, Long> counters) {
        String key = RedisKeys.statistics(minute);
        return guard.call(Flux.fromIterable(counters.entrySet())
                .flatMap(counter -> redis.opsForHash().increment(key, counter.getKey(), counter.getValue()))
                .then(redis.expire(key, MINUTES))
                .then());
    }

    /** The counters of a minute. */
    Mono<Map<String, String>> counters(long minute) {
        return guard.call(redis.<String, String>opsForHash()
                .entries(RedisKeys.statistics(minute))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Now and then is often enough for a week. */
    private void prolong(long turn, String key) {
        if (turn % 1000 == 1) {
            guard.call(redis.expire(key, WEEK)).subscribe(done -> {}, away -> {});
        }
    }
}
