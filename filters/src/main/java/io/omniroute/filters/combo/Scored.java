package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a strategy that scores targets has made of them. Immutable; the scores are shared and must not be changed. */
public final class Scored {

    private final String mode;
    private final String task;
    private final List<Target> targets;
    private final double[] scores;
    /** Made for whoever asks, which few do. */
    private volatile @Nullable Map<String, Double> byName;

    /**
     * @param mode how much each factor counts
     * @param task what the call is about; may be empty
     * @param scores of the targets, in their order
     */
    Scored(String mode, String task, List<Target> targets, double[] scores) {
        this.mode = mode;
        this.task = task;
        this.targets = targets;
        this.scores = scores;
    }

    /** How much each factor counts, by its name. */
    public String mode() {
        return mode;
    }

    /** What the call is about; may be empty. */
    public String task() {
        return task;
    }

    /** The same of these attempts' targets alone. */
    Scored of(List<Attempt> attempts) {
        List<Target> some = Attempt.targets(attempts);
        double[] theirs =
                some.stream().mapToDouble(target -> of(target).orElse(0)).toArray();
        return new Scored(mode, task, some, theirs);
    }

    /** From 0 to 1; empty for what was not scored. */
    OptionalDouble of(Target target) {
        Map<String, Double> known = byName;
        if (known == null) {
            known = new HashMap<>(targets.size() * 2);
            for (int i = 0; i < targets.size(); i++) {
                known.putIfAbsent(targets.get(i).counted(), scores[i]);
            }
            byName = known;
        }
        Double score = known.get(target.counted());
        return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }
}
