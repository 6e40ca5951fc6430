package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.local.EmbeddedRedis;
import io.omniroute.app.support.Eventually;
import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.TestRedis;
import io.omniroute.config.KeyHash;
import io.omniroute.redis.RedisKeys;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** No key outlives its revocation: one second on every instance, with and without the push; and what holds without Redis. */
@ExtendWith(SandboxExtension.class)
class RevocationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAKeyOnEveryInstanceWithinASecondUnderLoad(boolean pushes, Sandbox sandbox) throws Exception {
        try (Gateway one = Gateway.start(sandbox);
                Gateway two = Gateway.start(sandbox)) {
            String key = one.key();
            AtomicBoolean running = new AtomicBoolean(true);
            AtomicLong lastAccepted = new AtomicLong();
            AtomicLong accepted = new AtomicLong();
            List<AtomicLong> refused = List.of(new AtomicLong(), new AtomicLong());
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    Gateway gateway = i % 2 == 0 ? one : two;
                    AtomicLong refusedHere = refused.get(i % 2);
                    clients.submit(() -> {
                        while (running.get()) {
                            long sent = System.nanoTime();
                            int status = gateway.chat(key, "a/chat", false).statusCode();
                            if (status == 200) {
                                lastAccepted.accumulateAndGet(sent, Math::max);
                                accepted.incrementAndGet();
                            } else if (status == 401) {
                                refusedHere.incrementAndGet();
                            }
                        }
                    });
                }
                Eventually.until("load is on", PATIENCE, () -> accepted.get() > 100);
                if (pushes) {
                    two.bean(ApiKeyStore.class).revoke(KeyHash.ofKey(key)).block(PATIENCE);
                } else {
                    revokeWithoutAPush(two, KeyHash.ofKey(key));
                }
                long revoked = System.nanoTime();
                Eventually.until(
                        "refusals on both", PATIENCE, () -> refused.stream().allMatch(here -> here.get() > 100));
                running.set(false);
                Duration outlived = Duration.ofNanos(Math.max(0, lastAccepted.get() - revoked));
                assertThat(outlived).isLessThan(Duration.ofSeconds(1));
            }
            assertThat(one.chat(key, "a/chat", false).body()).contains("was revoked");
        }
    }

    @Test
    void servesKnownKeysForAWhileWithoutRedisAndNeverAnswers401(Sandbox sandbox) {
        var folder = TestRedis.temporaryFolder("outage");
        EmbeddedRedis redis = EmbeddedRedis.open(folder);
        String url = "redis://:" + redis.address().password() + "@127.0.0.1:"
                + redis.address().port();
        try (Gateway gateway = Gateway.start(sandbox, """
                REDIS_URL=%s
                omniroute.redis.api-keys.max-staleness=3s
                """.formatted(url))) {
            String key = gateway.key();
            assertThat(gateway.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
            redis.close();
            Eventually.until(
                    "the copy is stale",
                    PATIENCE,
                    () -> !gateway.bean(ApiKeys.class).isFresh());
            assertThat(gateway.chat(key, "a/chat", false).statusCode())
                    .as("a known key")
                    .isEqualTo(200);
            assertThat(gateway.chat("unknown-key", "a/chat", false).statusCode())
                    .as("a key that nobody can check")
                    .isEqualTo(503);
            Eventually.until(
                    "the copy is too old",
                    PATIENCE,
                    () -> gateway.bean(ApiKeys.class).age().toMillis() > 3_000);
            long start = System.nanoTime();
            var refused = gateway.chat(key, "a/chat", false);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    /** A replica that takes over may lack the last change, and then gives its number to the next one. */
    @Test
    void seesARevocationThatHasTheNumberOfALostChange(Sandbox sandbox) {
        try (Gateway gateway = Gateway.start(sandbox)) {
            String key = gateway.key();
            assertThat(gateway.chat(key, "a/chat", false).statusCode()).isEqualTo(200);
            ReactiveStringRedisTemplate redis = gateway.bean(ReactiveStringRedisTemplate.class);
            KeyHash lost = KeyHash.ofKey(gateway.key());
            // in one step, or the reader could see that something is missing
            KeyHash hash = KeyHash.ofKey(key);
            redis.execute(
                            RedisScript.of("""
                                    redis.call('HDEL', KEYS[1], ARGV[1])
                                    redis.call('ZREM', KEYS[2], ARGV[1])
                                    local epoch = redis.call('GET', KEYS[3])
                                    redis.call('HSET', KEYS[4], ARGV[2], '0')
                                    redis.call('ZADD', KEYS[2], epoch, ARGV[2])
                                    redis.call('HSET', KEYS[5], epoch, 'another')
                                    return 1
                                    """, Long.class),
                            List.of(
                                    RedisKeys.API_KEY_RECORDS,
                                    RedisKeys.API_KEY_CHANGES,
                                    RedisKeys.API_KEY_EPOCH,
                                    RedisKeys.API_KEY_REVOCATIONS,
                                    RedisKeys.API_KEY_WORDS),
                            List.of(lost.hex(), hash.hex()))
                    .blockLast(PATIENCE);
            Eventually.until(
                    "the key is revoked",
                    Duration.ofSeconds(3),
                    () -> gateway.chat(key, "a/chat", false).statusCode() == 401);
        }
    }

    /** What the script does, but for the message: as if it were lost. */
    private static void revokeWithoutAPush(Gateway gateway, KeyHash hash) {
        ReactiveStringRedisTemplate redis = gateway.bean(ReactiveStringRedisTemplate.class);
        long epoch =
                Long.parseLong(redis.opsForValue().get(RedisKeys.API_KEY_EPOCH).block(PATIENCE)) + 1;
        redis.opsForHash().put(RedisKeys.API_KEY_REVOCATIONS, hash.hex(), "0").block(PATIENCE);
        redis.opsForZSet().add(RedisKeys.API_KEY_CHANGES, hash.hex(), epoch).block(PATIENCE);
        redis.opsForValue().increment(RedisKeys.API_KEY_EPOCH).block(PATIENCE);
    }
}
