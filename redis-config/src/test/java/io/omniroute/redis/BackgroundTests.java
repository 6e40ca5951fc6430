package io.omniroute.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
class BackgroundTests {

    /** A defect does not end the work, and is not told again and again; a Redis that is away is told by others. */
    @Test
    void whatFailsIsToldOnceAndGoesOn(CapturedOutput log) throws InterruptedException {
        CountDownLatch exchanges = new CountDownLatch(6);
        PeriodicExchange failing = new PeriodicExchange(Duration.ofMillis(1), Duration.ofMillis(1)) {
            @Override
            protected Mono<Void> exchange() {
                exchanges.countDown();
                return Mono.error(
                        exchanges.getCount() % 2 == 0
                                ? new RedisConnectionException("it is away")
                                : new ArithmeticException("a share of nothing"));
            }
        };
        failing.start();
        try {
            assertThat(exchanges.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            failing.stop();
        }
        assertThat(log)
                .containsOnlyOnce("ArithmeticException: a share of nothing")
                .doesNotContain("it is away");
    }
}
