package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Facts;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.Quota;
import io.omniroute.redis.routing.TargetStatistics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What all instances know together, and the facts of models. */
record SharedKnowledge(
        Catalog catalog,
        TargetFacts facts,
        TargetStatistics statistics,
        AccountQuotas accounts,
        TargetHealth health,
        TaskFit fits,
        AutoScores scores,
        InstantSource clock)
        implements TargetKnowledge {

    private static final double HALF = 0.5;
    private static final double TAIL = 0.95;

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
    public OptionalDouble tailLatency(Target target) {
        double latency = statistics.latencyWithin(target.counted(), TAIL);
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

    @Override
    public List<Quota> quotas(Target target) {
        Provider provider = catalog.providers().get(target.provider());
        if (provider == null) {
            return List.of();
        }
        return provider.enabled(target.connection()).stream()
                .map(account -> accounts.of(provider.id() + "@" + account.id()))
                .filter(quotas -> !quotas.isEmpty())
                .max(Comparator.comparingDouble(quotas -> HeadroomStrategy.of(quotas, now())))
                .orElse(List.of());
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public OptionalLong outputPrice(Target target) {
        return of(facts(target).outputPrice());
    }

    @Override
    public double health(Target target) {
        Provider provider = catalog.providers().get(target.provider());
        boolean works = provider != null
                && provider.enabled(target.connection()).stream().anyMatch(account -> !health.rests(target, account));
        if (!works) {
            return 0;
        }
        return health.breaker(target.provider()).equals("closed") ? 1 : HALF;
    }

    @Override
    public OptionalDouble fit(Target target, String task) {
        if (task.equals("vision") && facts(target).vision() != null) {
            return Boolean.TRUE.equals(facts(target).vision())
                    ? OptionalDouble.of(fits.of(task, target.model()).orElse(HALF))
                    : OptionalDouble.of(0);
        }
        return fits.of(task, target.model());
    }

    private Facts facts(Target target) {
        return facts.of(catalog, target);
    }

    private static OptionalLong of(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
