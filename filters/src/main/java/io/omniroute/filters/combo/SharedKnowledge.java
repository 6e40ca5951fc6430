package io.omniroute.filters.combo;

import io.omniroute.config.Facts;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What all instances know together, and the facts of models. */
record SharedKnowledge(
        Function<Target, KnownTarget> profiles,
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
        return statistics.sums(profiles.apply(target).counted()).calls();
    }

    @Override
    public OptionalDouble successRate(Target target) {
        TargetStatistics.Sums sums = statistics.sums(profiles.apply(target).counted());
        return sums.calls() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - (double) sums.failures() / sums.calls());
    }

    @Override
    public OptionalDouble latency(Target target) {
        double latency = statistics.latency(profiles.apply(target).counted());
        return latency < 0 ? OptionalDouble.empty() : OptionalDouble.of(latency);
    }

    @Override
    public OptionalDouble tailLatency(Target target) {
        double latency = statistics.latencyWithin(profiles.apply(target).counted(), TAIL);
        return latency < 0 ? OptionalDouble.empty() : OptionalDouble.of(latency);
    }

    @Override
    public int running(Target target) {
        return statistics.running(profiles.apply(target).counted());
    }

    @Override
    public boolean answeredLast(String combo, Target target) {
        return statistics.lastGood(combo).equals(profiles.apply(target).counted());
    }

    @Override
    public List<Quota> quotas(Target target) {
        return accounts.isEmpty()
                ? List.of()
                : profiles.apply(target).accounts().stream()
                        .map(account -> accounts.of(account.account()))
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
        List<AccountName> usable = profiles.apply(target).accounts();
        boolean works = health.nothingRests()
                ? !usable.isEmpty()
                : usable.stream().anyMatch(account -> !health.rests(target, account));
        if (!works) {
            return 0;
        }
        return health.breaker(target.provider()).equals("closed") ? 1 : HALF;
    }

    @Override
    public OptionalDouble fit(Target target, String task) {
        KnownTarget profile = profiles.apply(target);
        Boolean sees = profile.facts().vision();
        if (task.equals("vision") && sees != null) {
            return sees ? OptionalDouble.of(profile.fit(fits, target, task).orElse(HALF)) : OptionalDouble.of(0);
        }
        return profile.fit(fits, target, task);
    }

    private Facts facts(Target target) {
        return profiles.apply(target).facts();
    }

    private static OptionalLong of(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
