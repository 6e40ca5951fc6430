package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.redis.RedisGuard;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What every call to Redis goes through must not block a thread that carries many calls; BlockHound watches. */
class RedisGuardTests {

    private static final int CALLS = 200_000;

    @Test
    void blocksNobodyWhereManyCallsEndAtOnce() {
        RedisGuard guard = new RedisGuard(Duration.ofSeconds(10));
        guard.call(Mono.just(1)).block();

        Scheduler threads = Schedulers.newParallel("guarded", 4);

        Long answers = Flux.range(0, CALLS)
                .parallel(4)
                .runOn(threads)
                .flatMap(i -> guard.call(Mono.just(i)))
                .sequential()
                .count()
                .block(Duration.ofSeconds(60));
        threads.dispose();

        assertThat(answers).isEqualTo(CALLS);
    }
}
