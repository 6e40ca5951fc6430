package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** The choice as people and programs are shown it, with all candidates. */
    public Map<String, Object> shown() {
        return shown(Integer.MAX_VALUE, Set.of());
    }

    /**
     * The same without most of its candidates, where there are very many.
     *
     * @param most how many of those that could be tried, and of those that could not, are shown
     * @param tried targets that are shown in any case
     */
    public Map<String, Object> shown(int most, Set<String> tried) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("resolved", combo.name());
        shown.put("strategy", strategy());
        shown.put("turn", turn);
        scored.ifPresent(scores -> {
            shown.put("mode", scores.mode());
            shown.put("task", scores.task());
        });
        List<Missing> others = missing.get();
        List<Map<String, Object>> candidates = Stream.concat(
                        IntStream.range(0, attempts.size())
                                .filter(number -> number < most
                                        || tried.contains(
                                                attempts.get(number).target().name()))
                                .mapToObj(this::shown),
                        others.stream().limit(most).map(Missing::shown))
                .toList();
        shown.put("candidates", candidates);
        int notShown = leftOut + attempts.size() + others.size() - candidates.size();
        if (notShown > 0) {
            shown.put("candidates_left_out", notShown);
        }
        return shown;
    }

    private Map<String, Object> shown(int number) {
        Attempt attempt = attempts.get(number);
        Obstacles.Obstacle obstacle = obstacles.of(number);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("target", attempt.target().name());
        shown.put("connection", attempt.connection().id());
        scored.ifPresent(scores -> scores.of(attempt.target())
                .ifPresent(score -> shown.put("score", Math.round(score * THOUSAND) / THOUSAND)));
        if (obstacle == null) {
            shown.put("state", "ready");
            return shown;
        }
        shown.put("state", obstacle.unfit() ? "unfit" : "resting");
        shown.put("reason", obstacle.reason());
        if (!obstacle.unfit()) {
            shown.put("rests_ms", obstacle.rests().toMillis());
        }
        return shown;
    }
}
