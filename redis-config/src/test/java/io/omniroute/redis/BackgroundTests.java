package io.omniroute.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisConnectionException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
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

    /** What is different in each message is still one defect. */
    @Test
    void aDefectIsToldOnceWhateverItsMessageNames(CapturedOutput log) {
        Defects defects = new Defects(BackgroundTests.class);
        for (int call = 0; call < 3; call++) {
            defects.note(new IllegalStateException("no such call: " + call));
        }
        defects.note(new IllegalStateException("while writing", new IOException("connection reset by peer")));
        defects.note(new IllegalStateException("said elsewhere"));
        assertThat(log)
                .contains("no such call: 0", "said elsewhere")
                .doesNotContain("no such call: 1", "reset by peer");
    }

    /** A write that is still under way then is nobody's mistake. */
    @Test
    void theEndOfTheApplicationIsNoDefect(CapturedOutput log) {
        LettuceConnectionFactory closed = new LettuceConnectionFactory();
        closed.afterPropertiesSet();
        closed.start();
        closed.destroy();
        Defects defects = new Defects(BackgroundTests.class);
        ReactiveRedisConnectionFactory asked = closed;
        assertThatThrownBy(asked::getReactiveConnection)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(defects::note);
        assertThat(log).doesNotContain("failed, and goes on");
    }
}
