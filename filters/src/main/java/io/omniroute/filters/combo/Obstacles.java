package io.omniroute.filters.combo;

import io.omniroute.filters.attempt.Attempt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keeps attempts from being made, as far as anybody knows, at the time of a choice.
 *
 * @param byAttempt by the number of the attempt, from 0; what nothing is said of may be tried
 */
public record Obstacles(Map<Integer, Obstacle> byAttempt) {

    /** Nothing is in the way. */
    static final Obstacles NONE = new Obstacles(Map.of());

    /**
     * Why an attempt is not made.
     *
     * @param reason in a word
     * @param rests how long it is still to rest; zero if it is not fit for the call
     * @param ofAnother whether it rests only because another model of its account was over a limit, which may have been that model's own
     */
    public record Obstacle(String reason, Duration rests, boolean ofAnother) {

        /** Whether it is known not to be fit for the call. */
        public boolean unfit() {
            return rests.isZero();
        }
    }

    static Obstacles of(List<Attempt> attempts, TargetHealth health, Fitness fitness) {
        if (fitness.isOfAll() && health.nothingRests()) {
            return NONE;
        }
        Map<Integer, Obstacle> found = new HashMap<>();
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            String unfit = fitness.reason(attempt.target());
            Duration rests = unfit.isEmpty() ? health.left(attempt) : Duration.ZERO;
            if (!unfit.isEmpty()) {
                found.put(i, new Obstacle(unfit, Duration.ZERO, false));
            } else if (!rests.isZero()) {
                found.put(i, new Obstacle(health.reason(attempt), rests, health.restsForAnother(attempt)));
            }
        }
        return found.isEmpty() ? NONE : new Obstacles(Map.copyOf(found));
    }

    /** What is in the way of an attempt; {@code null} if nothing is. */
    @Nullable
    Obstacle of(int attempt) {
        return byAttempt.isEmpty() ? null : byAttempt.get(attempt);
    }
}
