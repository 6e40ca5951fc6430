package io.omniroute.redis.conversation;

import io.omniroute.config.ApiKey;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which account keeps what was handed out to which team: files, containers, answers. What one team was handed out, no other can
 * name. All methods have the deadline and the breaker of {@link RedisGuard}.
 */
public final class KeptObjects {

    private static final int LONGEST_ID = 200;
    private static final int AT_ONCE = 32;

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public KeptObjects(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /**
     * The account that keeps something.
     *
     * @param provider the provider's id
     * @param connection the id of the account at it
     */
    public record Place(String provider, String connection) {}

    /** Remembers who keeps these, for a time. */
    public Mono<Void> keep(ApiKey owner, Collection<String> ids, Place place, Duration time) {
        String tenant = Tenants.of(owner);
        return Flux.fromIterable(ids)
                .filter(id -> id.length() <= LONGEST_ID)
                .flatMap(
                        id -> guard.call(redis.opsForValue()
                                .set(
                                        RedisKeys.keptObject(tenant, id),
                                        place.provider() + "\n" + place.connection(),
                                        time)),
                        AT_ONCE)
                .then();
    }

    /** Who keeps these, as far as it is known; it is remembered for that time from now on. */
    public Mono<Map<String, Place>> places(ApiKey owner, Collection<String> ids, Duration time) {
        String tenant = Tenants.of(owner);
        return Flux.fromIterable(ids)
                .filter(id -> id.length() <= LONGEST_ID)
                .flatMap(
                        id -> guard.call(redis.opsForValue().getAndExpire(RedisKeys.keptObject(tenant, id), time))
                                .map(kept -> Map.entry(id, place(kept))),
                        AT_ONCE)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Place place(String kept) {
        int end = kept.indexOf('\n');
        return new Place(kept.substring(0, end), kept.substring(end + 1));
    }
}
