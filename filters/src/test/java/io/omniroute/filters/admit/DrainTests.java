package io.omniroute.filters.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.StaticApplicationContext;

/** An application that is stopped and started again. */
class DrainTests {

    @Test
    void takesCallsAgain() throws InterruptedException {
        try (StaticApplicationContext context = new StaticApplicationContext()) {
            context.refresh();
            Concurrency calls = new Concurrency("calls", 10, 10);
            Drain drain = new Drain(context, calls, new DrainProperties(Duration.ZERO, Duration.ofSeconds(1)));
            drain.start();
            CountDownLatch stopped = new CountDownLatch(1);
            drain.stop(stopped::countDown);
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(drain.hasBegun()).isTrue();
            assertThat(calls.isOpen()).isFalse();

            drain.start();

            assertThat(drain.hasBegun()).isFalse();
            assertThat(drain.expired()).isNull();
            assertThat(calls.isOpen()).isTrue();
            assertThat(drain.isPauseable()).isFalse();
        }
    }
}
