package io.omniroute.redis.pacing;

import io.omniroute.config.Pace;
import io.omniroute.redis.LuaScript;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/** The paces of accounts in Redis, by the clock of Redis. All methods have the deadline and the breaker of {@link RedisGuard}. */
public final class PaceStore {

    private static final RedisScript<Long> ADMIT = LuaScript.number("pacing/admit");
    private static final RedisScript<Long> PROLONG = LuaScript.number("pacing/prolong");

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public PaceStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /**
     * Lets a call through if the pace allows it. One step, over all instances.
     *
     * @param lease the call's own name, to be given back when it ends
     * @param time how long the lease lasts if nobody prolongs it
     * @param waits whether the call is in a queue, and so has its turn among the instances
     * @return zero if the call may go, else how long it should wait before it asks again
     */
    public Mono<Duration> admit(String account, Pace pace, String lease, Duration time, boolean waits) {
        List<String> settings = List.of(
                Double.toString(pace.intervalMillis()),
                Integer.toString(pace.burst()),
                Long.toString(pace.gap().toMillis()),
                Integer.toString(pace.concurrent()),
                lease,
                Long.toString(time.toMillis()),
                waits ? "1" : "0");
        return guard.call(redis.execute(
                                ADMIT,
                                List.of(
                                        RedisKeys.rates(account),
                                        RedisKeys.leases(account),
                                        RedisKeys.waiting(account),
                                        RedisKeys.served(account)),
                                settings)
                        .next())
                .map(Duration::ofMillis);
    }

    /** The call has ended. */
    public Mono<Void> release(String account, String lease) {
        return guard.call(redis.opsForZSet().remove(RedisKeys.leases(account), lease))
                .then();
    }

    /** The calls still run. */
    public Mono<Void> prolong(String account, Collection<String> leases, Duration time) {
        List<String> settings = new ArrayList<>(leases.size() + 1);
        settings.add(Long.toString(time.toMillis()));
        settings.addAll(leases);
        return guard.call(redis.execute(PROLONG, List.of(RedisKeys.leases(account)), settings)
                        .next())
                .then();
    }
}
