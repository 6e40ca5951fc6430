package io.omniroute.redis.cooldown;

import io.omniroute.redis.Channel;
import io.omniroute.redis.LuaScript;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rests in Redis, by the clock of Redis. All methods have the deadline and the breaker of {@link RedisGuard}. */
public final class CooldownStore {

    /** How long a count outlives its rest. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> ALL = LuaScript.texts("cooldown/all");

    private static final RedisScript<String> COOL = LuaScript.text("cooldown/cool");
    private static final RedisScript<Long> END = LuaScript.number("cooldown/end");
    private static final List<String> KEYS = List.of(RedisKeys.COOLDOWN_RECORDS, RedisKeys.COOLDOWN_ENDS);

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;

    public CooldownStore(ReactiveStringRedisTemplate redis, RedisGuard guard) {
        this.redis = redis;
        this.guard = guard;
    }

    /**
     * Lets something rest, unless it does already.
     *
     * @param asked how long the other side wants to be left alone, if it says so
     * @param reason one word
     * @return the rest as it is now
     */
    public Mono<Cooldown> cool(String subject, Backoff backoff, @Nullable Duration asked, String reason) {
        return guard.call(redis.execute(
                                COOL,
                                KEYS,
                                List.of(
                                        subject,
                                        millis(backoff.base()),
                                        millis(backoff.most()),
                                        asked == null ? "-1" : millis(asked),
                                        reason,
                                        RedisKeys.COOLDOWN_CHANNEL,
                                        millis(REMEMBERED),
                                        Integer.toString(backoff.even())))
                        .next())
                .map(written -> Cooldown.read(written + " " + subject));
    }

    /** Ends a rest, and forgets how many there were. */
    public Mono<Void> end(String subject) {
        return guard.call(redis.execute(END, KEYS, List.of(subject, RedisKeys.COOLDOWN_CHANNEL))
                        .next())
                .then();
    }

    /** All rests, over or not, whose count is still known. */
    public Mono<List<Cooldown>> all() {
        return guard.call(redis.execute(ALL, KEYS, List.of()).next()).map(CooldownStore::read);
    }

    /** Every change, as it happens; an error when the subscription is lost. */
    Flux<Cooldown> pushes() {
        return new Channel(redis, guard, RedisKeys.COOLDOWN_CHANNEL).messages().map(Cooldown::read);
    }

    private static List<Cooldown> read(List<?> written) {
        return written.stream().map(record -> Cooldown.read((String) record)).toList();
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}
