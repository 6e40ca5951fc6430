package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.Gateway;
import io.omniroute.app.support.GatewayTest;
import io.omniroute.redis.RedisGuard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What every call to Redis goes through: it ends in time, and blocks no thread that carries many calls; BlockHound watches. */
@GatewayTest
class RedisGuardTests {

    private static final int CALLS = 200_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void blocksNobodyWhereManyCallsEndAtOnce() {
        RedisGuard guard = new RedisGuard(PATIENCE);
        guard.call(Mono.just(1)).block();
        Scheduler threads = Schedulers.newParallel("guarded", 4);

        Long answers = Flux.range(0, CALLS)
                .parallel(4)
                .runOn(threads)
                .flatMap(i -> guard.call(Mono.just(i)))
                .sequential()
                .count()
                .block(PATIENCE);
        threads.dispose();

        assertThat(answers).isEqualTo(CALLS);
    }

    @Test
    void endsACallWhereverTheDeadlineFindsIt(Gateway gateway) {
        ReactiveStringRedisTemplate redis = gateway.bean(ReactiveStringRedisTemplate.class);
        Mono<Long> call =
                redis.execute(new Increment(), List.of("guarded"), List.of()).next();
        // a guard whose breaker has opened asks Redis no more
        AtomicReference<RedisGuard> guard = new AtomicReference<>();

        Long ended = Flux.range(0, 3_000)
                .flatMap(
                        i -> {
                            if (i % 4 == 0) {
                                guard.set(connected(Duration.ofNanos(100_000L + i * 300L)));
                            }
                            return guard.get().call(call).map(Math::abs).onErrorReturn(-1L);
                        },
                        2)
                .count()
                .block(PATIENCE);

        assertThat(ended).isEqualTo(3_000);
    }

    private static RedisGuard connected(Duration deadline) {
        RedisGuard guard = new RedisGuard(deadline);
        guard.call(Mono.just(1L)).subscribe();
        return guard;
    }

    /** A script whose digest is known; Spring's own takes a lock to look whether it is. */
    private record Increment() implements RedisScript<Long> {

        private static final String SOURCE = "return redis.call('incr', KEYS[1])";
        private static final String DIGEST = DigestUtils.sha1DigestAsHex(SOURCE);

        @Override
        public String getSha1() {
            return DIGEST;
        }

        @Override
        public Class<Long> getResultType() {
            return Long.class;
        }

        @Override
        public String getScriptAsString() {
            return SOURCE;
        }
    }
}
