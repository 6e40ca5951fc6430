package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Scoring;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Orders the targets of combos by their strategies, by what is known of them, and by whose turn and session it is. Thread-safe. */
public final class TargetChooser {

    /** The header by which a client chooses how targets are scored. */
    static final String MODE = "X-OmniRoute-Mode";

    private final NamedStrategies strategies;
    private final KnownTargets known;
    private final TargetOrder order;
    private final AttemptPlan plan;
    private final Turns turns;
    private final Stickiness stickiness;

    /**
     * @param turns counts turns
     * @param stickiness keeps sessions where they are
     */
    TargetChooser(NamedStrategies strategies, KnownTargets known, RoutingStore turns, Stickiness stickiness) {
        this.strategies = strategies;
        this.known = known;
        this.order = new TargetOrder(strategies);
        this.plan = new AttemptPlan(known.facts());
        this.turns = new Turns(turns, strategies);
        this.stickiness = stickiness;
    }

    /**
     * The combo in the mode that a client asks for, where its strategy scores; the combo itself if none is asked for.
     *
     * @throws ApiException if there is no such mode
     */
    Combo inMode(Combo combo, @Nullable String asked) {
        if (asked == null || !strategies.of(combo).readsTasks()) {
            return combo;
        }
        AutoScores scores = known.scores();
        String mode = scores.mode(asked)
                .orElseThrow(() -> ApiError.invalid(
                                MODE,
                                "there is no mode \"" + asked + "\" (expected one of: "
                                        + String.join(
                                                ", ",
                                                new TreeSet<>(scores.modes().keySet())) + ")")
                        .exception());
        return combo.with(new Scoring(mode, combo.scoring().task()));
    }

    /** What Redis is asked for before the choice for a call. */
    Beforehand beforehand(Asked asked, Combo combo) {
        return new Beforehand(turns, stickiness, asked, combo);
    }

    /** The choice for a call. */
    Choosing choosing(Asked asked, Combo combo, Beforehand.Known before) {
        return new Choosing(this, asked, combo, before);
    }

    NamedStrategies strategies() {
        return strategies;
    }

    KnownTargets known() {
        return known;
    }

    TargetOrder order() {
        return order;
    }

    AttemptPlan plan() {
        return plan;
    }

    Stickiness stickiness() {
        return stickiness;
    }
}
