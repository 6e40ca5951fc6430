package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniroute.app.support.BlockedLoops;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Leaky;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The detectors that all other tests rely on do find what they are there for. */
class DetectorTests {

    @Test
    void findABufferThatIsLeakedOnPurpose() {
        JavaProcess leaky =
                JavaProcess.start(List.of("-Dio.netty.leakDetection.level=paranoid"), Leaky.class.getName(), Map.of());
        assertThat(leaky.awaitEnd()).as(leaky.output()).isZero();
        assertThat(leaky.output()).contains("found: ByteBuf");
    }

    @Test
    void findAThreadOfManyCallsThatIsBlockedOnPurpose() {
        Mono.fromRunnable(DetectorTests::block)
                .subscribeOn(Schedulers.parallel())
                .block(Duration.ofSeconds(10));

        assertThat(BlockedLoops.find()).contains("sleep").contains("DetectorTests.block");
    }

    private static void block() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
