package io.omniroute.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.listener.ChannelTopic;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a gateway needs of Redis, each tried once. */
public final class RedisCheck {

    private static final RedisScript<String> READ = LuaScript.text("check/read");

    private RedisCheck() {}

    /** What Redis must do, in words that go on after "Redis", and a try that fails with why it does not; to be tried in this order. */
    public static Map<String, Mono<?>> of(ReactiveStringRedisTemplate redis) {
        Map<String, Mono<?>> needs = new LinkedHashMap<>();
        needs.put("answers", redis.execute(ReactiveRedisConnection::ping).next());
        needs.put("takes writes", WriteCheck.write(redis));
        needs.put(
                "runs scripts",
                redis.execute(READ, List.of(RedisKeys.WRITE_CHECK), List.of()).next());
        needs.put("takes messages", redis.convertAndSend(RedisKeys.CHECK_CHANNEL, "1"));
        // a listener is made with a connection
        needs.put("gives messages", Mono.defer(() -> messages(redis)));
        return needs;
    }

    private static Mono<?> messages(ReactiveStringRedisTemplate redis) {
        return redis.listenToLater(ChannelTopic.of(RedisKeys.CHECK_CHANNEL))
                .flatMapMany(heard -> Flux.merge(
                        heard,
                        redis.convertAndSend(RedisKeys.CHECK_CHANNEL, "1").then(Mono.empty())))
                .next();
    }
}
