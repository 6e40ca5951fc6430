package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
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
 * @param missing gives what has no part in the call; asked for only where somebody is told
 */
public record Choice(
        Combo combo,
        long turn,
        List<Attempt> attempts,
        Obstacles obstacles,
        Optional<Scored> scored,
        Supplier<List<Missing>> missing) {

    private static final double THOUSAND = 1_000;

    /** The strategy's name; {@code single} where there is nothing to choose. */
    public String strategy() {
        return combo.targets().size() == 1 ? "single" : combo.strategy();
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
        int leftOut = attempts.size() + others.size() - candidates.size();
        if (leftOut > 0) {
            shown.put("candidates_left_out", leftOut);
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
