package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Target;
import io.omniroute.filters.task.TaskDetection;
import io.omniroute.filters.task.TaskFit;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is known of targets before a call, and of what a call needs of them. Thread-safe. */
final class KnownTargets {

    private final KnownFacts facts;
    private final Experience experience;
    private final AutoScores scores;
    private final JsonLimits json;
    private final TaskFit fits = new TaskFit();
    private final TaskDetection tasks = new TaskDetection();
    private final Derived<Target, KnownTarget> profiles = new Derived<>();
    private final Derived<Derived.ComboKey, Fitness.OfCombo> fitness = new Derived<>();

    /**
     * @param facts what is known of models
     * @param scores what the factors of scores count
     * @param json how deep the bodies of calls may be
     */
    KnownTargets(KnownFacts facts, Experience experience, AutoScores scores, JsonLimits json) {
        this.facts = facts;
        this.experience = experience;
        this.scores = scores;
        this.json = json;
    }

    /** What is known of models. */
    KnownFacts facts() {
        return facts;
    }

    /** What rests. */
    TargetHealth health() {
        return experience.health();
    }

    /** What the factors of scores count. */
    AutoScores scores() {
        return scores;
    }

    /** What the strategies go by in one choice. */
    TargetKnowledge now(Catalog catalog) {
        return new SharedKnowledge(target -> profile(catalog, target), experience, fits, scores);
    }

    private KnownTarget profile(Catalog catalog, Target target) {
        return profiles.of(catalog, target, () -> KnownTarget.of(catalog, facts, target));
    }

    /** What a call is about; its body is looked through once, however often this is asked. For one call, on one thread. */
    Supplier<String> task(byte @Nullable [] body) {
        return new Once(() -> body == null ? "" : tasks.of(body, json));
    }

    /** Whether a call has tools, as far as its body is known. */
    boolean needsTools(byte @Nullable [] body) {
        return body != null && RequestNeeds.of(body, json).tools();
    }

    /**
     * Which of the targets are fit for a call; maybe none.
     *
     * @param body the call's; {@code null} where it is not known
     * @param among what is left to choose from; asked only where something is not fit
     */
    Fitness fitness(Combo combo, Catalog catalog, byte @Nullable [] body, Supplier<List<Target>> among) {
        if (combo.targets().size() == 1 && combo.isFlat() && !combo.demands().areAny()) {
            return Fitness.ALL;
        }
        Fitness.OfCombo known = fitness.of(
                catalog,
                new Derived.ComboKey(combo),
                () -> Fitness.OfCombo.of(
                        combo, target -> profile(catalog, target).facts()));
        return known.of(
                        body == null ? 0 : body.length / RequestNeeds.BYTES_OF_A_TOKEN,
                        body == null ? null : () -> RequestNeeds.of(body, json))
                .among(among);
    }

    /** Asks its source once. */
    private static final class Once implements Supplier<String> {

        private final Supplier<String> source;
        private @Nullable String known;

        Once(Supplier<String> source) {
            this.source = source;
        }

        @Override
        public String get() {
            String value = known;
            if (value == null) {
                value = source.get();
                known = value;
            }
            return value;
        }
    }
}
