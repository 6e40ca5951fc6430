package io.omniroute.redis.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.omniroute.redis.Defects;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;

/**
 * Which account has answered a session last, over all instances. What this instance has seen itself it does not ask Redis for, so a
 * session that moves between instances may be up to {@link #SEEN} behind; nothing is wrong with that but a cold prompt cache.
 * Thread-safe; what is noted is written behind.
 */
public final class SessionTargets {

    /** How long an instance believes what it has seen. */
    static final Duration SEEN = Duration.ofSeconds(30);

    private static final int TRIES = 2;
    private static final int MOST_SEEN = 20_000;
    private static final int HASH_BYTES = 16;

    /**
     * Who has answered a session, as far as this instance knows.
     *
     * @param shared whether all instances know it
     * @param begins whether the session had nobody before, so that of several instances the first to write has it
     */
    private record Seen(String account, boolean shared, boolean begins) {}

    private final ReactiveStringRedisTemplate redis;
    private final RedisGuard guard;
    private final Defects defects = new Defects(SessionTargets.class);
    private final Duration keep;
    private final Cache<String, Seen> seen = Caffeine.newBuilder()
            .maximumSize(MOST_SEEN)
            .expireAfterWrite(SEEN)
            .executor(Runnable::run)
            .build();

    /** @param keep how long a session is remembered after its last answer; zero remembers none */
    public SessionTargets(ReactiveStringRedisTemplate redis, RedisGuard guard, Duration keep) {
        this.redis = redis;
        this.guard = guard;
        this.keep = keep;
    }

    /** Whether sessions are remembered at all. */
    public boolean areKept() {
        return keep.isPositive();
    }

    /** What a session is called here: the same name of two teams, or in two combos, is not the same session. */
    public static String key(String team, String combo, String session) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", team, combo, session).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The same as far as this instance knows it without asking. */
    public Optional<String> here(String key) {
        return Optional.ofNullable(seen.getIfPresent(key)).map(Seen::account);
    }

    /** The account that has answered a session last; an empty text if there is none, or Redis is away. */
    public Mono<String> of(String key) {
        Seen known = seen.getIfPresent(key);
        return known != null
                ? Mono.just(known.account())
                : guard.call(redis.opsForValue().get(RedisKeys.session(key)))
                        .onErrorResume(away -> defects.goOn(away, ""))
                        .defaultIfEmpty("");
    }

    /**
     * Notes the account that has answered a session.
     *
     * @param before who had the session when its call began, or an empty text; of several that begin a session at once the first has it
     */
    public void answered(String key, String before, String account) {
        Seen known = seen.getIfPresent(key);
        if (known != null
                && known.shared()
                && (known.account().equals(account) || !known.account().equals(before))) {
            return; // of a call that began before it was known who has the session, nothing is to be learned
        }
        String name = RedisKeys.session(key);
        // what could not be written before is written again, as it was then
        boolean begins = known != null && !known.shared() ? known.begins() : before.isEmpty();
        seen.put(key, new Seen(account, false, begins));
        Mono<String> written = begins
                ? redis.opsForValue()
                        .setIfAbsent(name, account, keep)
                        .flatMap(first ->
                                first ? Mono.just(account) : redis.opsForValue().get(name))
                : redis.opsForValue().set(name, account, keep).thenReturn(account);
        // where it cannot be written it is written after the next answer; meanwhile each instance keeps what it has
        // seen
        guard.call(written).retry(TRIES).subscribe(has -> seen.put(key, new Seen(has, true, begins)), defects::note);
    }
}
