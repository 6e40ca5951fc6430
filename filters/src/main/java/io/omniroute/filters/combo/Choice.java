package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.filters.attempt.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/**
 * What was chosen for a call before anything was tried.
 *
 * @param combo what the asked name means
 * @param turn which call of the combo it is, from 0; 0 where turns do not matter
 * @param attempts all that can be tried, in the order of the strategy
 * @param obstacles why some of them are not
 * @param scored what the strategy has ordered them by, where it scores
 * @param leftOut how many candidates more there were, which are not kept
 * @param missing gives what has no part in the call; asked for only where somebody is told
 */
public record Choice(
        Combo combo,
        long turn,
        List<Attempt> attempts,
        Obstacles obstacles,
        Optional<Scored> scored,
        Supplier<List<Missing>> missing,
        int leftOut) {

    /** A choice of all that can be tried. */
    public Choice(
            Combo combo,
            long turn,
            List<Attempt> attempts,
            Obstacles obstacles,
            Optional<Scored> scored,
            Supplier<List<Missing>> missing) {
        this(combo, turn, attempts, obstacles, scored, missing, 0);
    }

    private static final double THOUSAND = 1_000;

    /** The strategy's name; {@code single} where there is nothing to choose. */
    public String strategy() {
        return combo.targets().size() == 1 ? "single" : combo.strategy();
    }

    /**
     * The same with no more of its candidates than will be shown, where there are very many: a choice that is kept keeps nothing else of its call.
     *
     * @param most how many of those that could be tried are shown
     * @param tried targets that are shown in any case
     */
    public Choice lean(int most, Set<String> tried) {
        if (attempts.size() <= 2 * most) {
            return this;
        }
        List<Attempt> kept = new ArrayList<>(most + tried.size());
        Map<Integer, Obstacles.Obstacle> inTheWay = new HashMap<>();
        for (int number = 0; number < attempts.size(); number++) {
            if (number < most || tried.contains(attempts.get(number).target().name())) {
                Obstacles.Obstacle obstacle = obstacles.of(number);
                if (obstacle != null) {
                    inTheWay.put(kept.size(), obstacle);
                }
                kept.add(attempts.get(number));
            }
        }
        return new Choice(
                combo,
                turn,
                List.copyOf(kept),
                new Obstacles(Map.copyOf(inTheWay)),
                scored.map(scores -> scores.of(kept)),
                missing,
                leftOut + attempts.size() - kept.size());
    }

    /**
     * Writes the choice as people and programs are shown it, with all candidates.
     *
     * @param out stands in an object, to which the fields are added
     */
    public void write(JsonGenerator out) {
        write(out, Integer.MAX_VALUE, Set.of());
    }

    /**
     * The same without most of its candidates, where there are very many.
     *
     * @param most how many of those that could be tried, and of those that could not, are shown
     * @param tried targets that are shown in any case
     */
    public void write(JsonGenerator out, int most, Set<String> tried) {
        out.writeStringProperty("resolved", combo.name());
        out.writeStringProperty("strategy", strategy());
        out.writeNumberProperty("turn", turn);
        if (scored.isPresent()) {
            out.writeStringProperty("mode", scored.get().mode());
            out.writeStringProperty("task", scored.get().task());
        }
        List<Missing> others = missing.get();
        int shown = 0;
        out.writeArrayPropertyStart("candidates");
        for (int number = 0; number < attempts.size(); number++) {
            if (number < most || tried.contains(attempts.get(number).target().name())) {
                write(number, out);
                shown++;
            }
        }
        for (int number = 0; number < Math.min(most, others.size()); number++) {
            others.get(number).write(out);
            shown++;
        }
        out.writeEndArray();
        int notShown = leftOut + attempts.size() + others.size() - shown;
        if (notShown > 0) {
            out.writeNumberProperty("candidates_left_out", notShown);
        }
    }

    private void write(int number, JsonGenerator out) {
        Attempt attempt = attempts.get(number);
        Obstacles.Obstacle obstacle = obstacles.of(number);
        out.writeStartObject();
        out.writeStringProperty("target", attempt.target().name());
        out.writeStringProperty("connection", attempt.connection().id());
        if (scored.isPresent()) {
            OptionalDouble score = scored.get().of(attempt.target());
            if (score.isPresent()) {
                out.writeNumberProperty("score", Math.round(score.getAsDouble() * THOUSAND) / THOUSAND);
            }
        }
        if (obstacle == null) {
            out.writeStringProperty("state", "ready");
        } else {
            out.writeStringProperty("state", obstacle.unfit() ? "unfit" : "resting");
            out.writeStringProperty("reason", obstacle.reason());
            if (!obstacle.unfit()) {
                out.writeNumberProperty("rests_ms", obstacle.rests().toMillis());
            }
        }
        out.writeEndObject();
    }
}
