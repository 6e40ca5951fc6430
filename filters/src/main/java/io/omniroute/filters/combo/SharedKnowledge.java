package io.omniroute.filters.combo;

import io.omniroute.config.Facts;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.AccountName;
import io.omniroute.filters.task.TaskDetection;
import io.omniroute.filters.task.TaskFit;
import io.omniroute.redis.routing.Quota;
import io.omniroute.redis.routing.TargetStatistics;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all instances know together, and the facts of models, for one choice: what was looked up of a target is remembered until the next
 * one is asked for. Not thread-safe.
 */
final class SharedKnowledge implements TargetKnowledge {

    private static final double HALF = 0.5;
    private static final long MOMENT_MILLIS = 250;
    private static final double TAIL = 0.95;
    private static final double NANOS_OF_A_MILLISECOND = 1e6;

    private final Function<Target, KnownTarget> profiles;
    private final Experience experience;
    private final TaskFit fits;
    private final AutoScores scores;

    private @Nullable Target last;
    private @Nullable KnownTarget profile;
    private TargetStatistics.@Nullable Sums sums;

    SharedKnowledge(Function<Target, KnownTarget> profiles, Experience experience, TaskFit fits, AutoScores scores) {
        this.profiles = profiles;
        this.experience = experience;
        this.fits = fits;
        this.scores = scores;
    }

    private KnownTarget profile(Target target) {
        KnownTarget known = profile;
        if (known == null || target != last) {
            known = profiles.apply(target);
            profile = known;
            last = target;
            sums = null;
        }
        return known;
    }

    private TargetStatistics.Sums sums(Target target) {
        KnownTarget known = profile(target);
        TargetStatistics.Sums seen = sums;
        if (seen == null) {
            seen = experience.statistics().sums(known.counted());
            sums = seen;
        }
        return seen;
    }

    @Override
    public TargetKnowledge ofAccounts() {
        return new SharedKnowledge(target -> profiles.apply(target).byAccount(target), experience, fits, scores);
    }

    @Override
    public AutoScores scores() {
        return scores;
    }

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
        return sums(target).calls();
    }

    @Override
    public OptionalDouble successRate(Target target) {
        TargetStatistics.Sums seen = sums(target);
        return seen.calls() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - (double) seen.failures() / seen.calls());
    }

    @Override
    public OptionalDouble latency(Target target) {
        double latency = experience.statistics().latency(profile(target).counted());
        return latency < 0 ? OptionalDouble.empty() : OptionalDouble.of(latency);
    }

    @Override
    public OptionalDouble tailLatency(Target target) {
        double millis = sums(target).latencies().within(TAIL);
        return millis < 0 ? OptionalDouble.empty() : OptionalDouble.of(millis * NANOS_OF_A_MILLISECOND);
    }

    @Override
    public int running(Target target) {
        return experience.statistics().running(profile(target).counted());
    }

    @Override
    public boolean answeredLast(String combo, Target target) {
        return experience.statistics().lastGood(combo).equals(profile(target).counted());
    }

    @Override
    public List<Quota> quotas(Target target) {
        return experience.quotas().isEmpty()
                ? List.of()
                : profile(target).accounts().stream()
                        .map(account -> experience.quotas().of(account.account()))
                        .filter(quotas -> !quotas.isEmpty())
                        .max(Comparator.comparingDouble(quotas -> HeadroomStrategy.of(quotas, now())))
                        .orElse(List.of());
    }

    @Override
    public int accounts(Target target) {
        return profile(target).accounts().size();
    }

    @Override
    public Instant now() {
        return experience.clock().instant();
    }

    @Override
    public long moment() {
        return experience.clock().millis() / MOMENT_MILLIS;
    }

    @Override
    public OptionalLong outputPrice(Target target) {
        return of(facts(target).outputPrice());
    }

    @Override
    public double health(Target target) {
        List<AccountName> usable = profile(target).accounts();
        boolean works = experience.health().nothingRests()
                ? !usable.isEmpty()
                : usable.stream().anyMatch(account -> !experience.health().rests(target, account));
        if (!works) {
            return 0;
        }
        return experience.health().breaker(target.provider()).equals(ProviderBreakers.HALF_OPEN) ? HALF : 1;
    }

    @Override
    public OptionalDouble fit(Target target, String task) {
        KnownTarget known = profile(target);
        Boolean sees = known.facts().vision();
        if (task.equals(TaskDetection.VISION) && sees != null) {
            return sees ? OptionalDouble.of(known.fit(fits, target, task).orElse(HALF)) : OptionalDouble.of(0);
        }
        return known.fit(fits, target, task);
    }

    private Facts facts(Target target) {
        return profile(target).facts();
    }

    private static OptionalLong of(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
