package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.config.ApiKey;
import io.omniroute.config.CatalogSource;
import io.omniroute.config.KeyHash;
import io.omniroute.redis.RedisGuard;
import io.omniroute.redis.apikey.ApiKeyStore;
import io.omniroute.redis.apikey.ApiKeys;
import io.omniroute.sandbox.Sandbox;
import io.omniroute.sandbox.junit.SandboxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A copy that is too old, and calls that wait for the same reading of it while another instance changes a key. */
@ExtendWith(SandboxExtension.class)
class ApiKeyCopyTests {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void findsAKeyThatWasMadeDuringTheReadingItWaitedFor(Sandbox sandbox) throws Exception {
        try (Gateway one = Gateway.start(sandbox);
                Gateway two = Gateway.start(sandbox)) {
            ApiKeys copy = copy(one, new AtomicLong());
            ApiKey key = two.bean(ApiKeyStore.class)
                    .find(KeyHash.ofKey(two.key()))
                    .map(made -> new ApiKey(
                            "made-meanwhile",
                            KeyHash.ofKey("made-meanwhile-" + System.nanoTime()),
                            made.organisation(),
                            made.team(),
                            made.models(),
                            Set.of(),
                            Set.of(),
                            null,
                            true))
                    .block(PATIENCE);
            CompletableFuture<Void> reading = copy.refresh()
                    .doOnSuccess(done -> elsewhere(two.bean(ApiKeyStore.class).put(key)))
                    .toFuture();
            assertThat(copy.find(key.hash()).block(PATIENCE)).isEqualTo(key);
            reading.get();
        }
    }

    @Test
    void readsAgainWhenTheReadingItWaitedForBeganTooLongAgo(Sandbox sandbox) throws Exception {
        try (Gateway one = Gateway.start(sandbox);
                Gateway two = Gateway.start(sandbox)) {
            KeyHash key = KeyHash.ofKey(one.key(List.of("*"), Set.of(), Set.of(), null));
            AtomicLong now = new AtomicLong();
            ApiKeys copy = copy(one, now);
            CompletableFuture<Void> reading = copy.refresh()
                    .doOnSuccess(done -> {
                        elsewhere(two.bean(ApiKeyStore.class).revoke(key));
                        now.addAndGet(Duration.ofSeconds(2).toNanos());
                    })
                    .toFuture();
            assertThat(copy.find(key).block(PATIENCE).active()).isFalse();
            reading.get();
        }
    }

    /** A copy whose readings end on a thread that may wait. */
    private static ApiKeys copy(Gateway gateway, AtomicLong now) {
        var redis = new ReactiveStringRedisTemplate(gateway.bean(ReactiveRedisConnectionFactory.class)) {
            @Override
            public <T> Flux<T> execute(RedisScript<T> script, List<String> keys, List<?> arguments) {
                return super.execute(script, keys, arguments).publishOn(Schedulers.boundedElastic());
            }
        };
        ApiKeyStore store = new ApiKeyStore(redis, gateway.bean(RedisGuard.class));
        return new ApiKeys(gateway.bean(CatalogSource.class), store, Duration.ofMinutes(1), now::get);
    }

    /** What another instance does, to its end, before this one goes on. */
    private static void elsewhere(Mono<?> change) {
        CompletableFuture.runAsync(() -> change.block(PATIENCE)).join();
    }
}
