package io.omniroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.omniroute.app.support.BlockedLoops;
import io.omniroute.app.support.ErrorLogs;
import io.omniroute.app.support.JavaProcess;
import io.omniroute.app.support.Leaky;
import io.omniroute.app.support.NettyLeaks;
import io.omniroute.app.support.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Libraries may hold locks; what waits for Redis in one of them waits all the same. */
    @Test
    void findAThreadThatWaitsForRedis() {
        RedisClient client = RedisClient.create(TestRedis.url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            // an answer that was there already would not be waited for
            Mono.fromCallable(() -> connection.sync().blpop(0.1, "omniroute:nothing-is-ever-here"))
                    .subscribeOn(Schedulers.parallel())
                    .block(Duration.ofSeconds(10));
            assertThat(BlockedLoops.find()).contains("io.lettuce");
        } finally {
            client.shutdown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "the key sk-omni-0123456789ABCDEFGHIJKLMNOPQRSTUVabcdef, true",
        "the key sk-omni-0123, false",
        "sandbox-CANARY-connection-a, true",
        "redis://:0123456789abcdef@127.0.0.1:1, true",
        "redis://127.0.0.1:1, false",
        "authorization=Bearer 0123456789abcdef-0123456789, true",
        "a call of the team search, false"
    })
    void findSecrets(String text, boolean hasOne) {
        assertThat(ErrorLogs.hasSecret(text)).isEqualTo(hasOne);
    }

    /** What looks for leaks, blocked loops and errors is registered by a file and a setting that nothing else would miss. */
    @Test
    void areOnForEveryTestClass() {
        assertThat(ErrorLogs.watches(DetectorTests.class)).isTrue();
        assertThat(ServiceLoader.load(Extension.class).stream().map(ServiceLoader.Provider::type))
                .contains(NettyLeaks.class, BlockedLoops.class, ErrorLogs.class);
    }

    private static void block() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
