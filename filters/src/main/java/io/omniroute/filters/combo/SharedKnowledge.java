package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Facts;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.TargetStatistics;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What all instances know together, and the facts of models. */
record SharedKnowledge(Catalog catalog, TargetFacts facts, TargetStatistics statistics) implements TargetKnowledge {

    @Override
    public OptionalLong inputPrice(Target target) {
        return of(facts(target).inputPrice());
    }

    @Override
    public OptionalLong contextWindow(Target target) {
        return of(facts(target).contextWindow());
    }

    @Override
    public long calls(Target target) {
        return statistics.sums(target.counted()).calls();
    }

    @Override
    public OptionalDouble successRate(Target target) {
        TargetStatistics.Sums sums = statistics.sums(target.counted());
        return sums.calls() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - (double) sums.failures() / sums.calls());
    }

    @Override
    public OptionalDouble latency(Target target) {
        double latency = statistics.latency(target.counted());
        return latency < 0 ? OptionalDouble.empty() : OptionalDouble.of(latency);
    }

    @Override
    public int running(Target target) {
        return statistics.running(target.counted());
    }

    @Override
    public boolean answeredLast(String combo, Target target) {
        return statistics.lastGood(combo).equals(target.counted());
    }

    private Facts facts(Target target) {
        return facts.of(catalog, target);
    }

    private static OptionalLong of(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
