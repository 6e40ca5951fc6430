package io.omniroute.redis.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTests {

    /** Never shorter than the real one, and at most a step longer. */
    @ParameterizedTest
    @ValueSource(longs = {3, 40, 900, 30_000, 400_000})
    void tellsTheTail(long slowest) {
        Random random = new Random(slowest);
        long[] sorted = random.longs(1_000, 1, slowest + 1).sorted().toArray();
        Map<Integer, Long> counts = new HashMap<>();
        for (long millis : sorted) {
            counts.merge(Latencies.step(millis), 1L, Long::sum);
        }
        double told = Latencies.of(counts).within(0.95);
        assertThat(told).isGreaterThanOrEqualTo(sorted[949] - 1e-6).isLessThanOrEqualTo(sorted[949] * 1.19);
    }

    @Test
    void addsWhatInstancesHaveCounted() {
        Latencies one = Latencies.of(Map.of(Latencies.step(100), 10L));
        Latencies other = Latencies.of(Map.of(Latencies.step(10_000), 10L));
        assertThat(one.plus(other).within(0.5)).isLessThan(120);
        assertThat(one.plus(other).within(0.95)).isBetween(10_000.0, 12_000.0);
        assertThat(one.plus(Latencies.NONE).within(0.95)).isLessThan(120);
    }

    @Test
    void doesNotKnowFromTooFew() {
        assertThat(Latencies.NONE.within(0.95)).isNegative();
        assertThat(Latencies.of(Map.of(4, 2L)).within(0.95)).isNegative();
    }

    @Test
    void countsWhatIsBeyondTheStepsAtTheirEnds() {
        assertThat(Latencies.step(0)).isZero();
        assertThat(Latencies.step(Long.MAX_VALUE)).isEqualTo(Latencies.STEPS - 1);
    }
}
