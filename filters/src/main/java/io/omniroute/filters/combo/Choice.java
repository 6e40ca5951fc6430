package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was chosen for a call before anything was tried.
 *
 * @param combo what the asked name means
 * @param turn which call of the combo it is, from 0; 0 where turns do not matter
 * @param candidates all that could be tried, in the order of the strategy
 */
public record Choice(Combo combo, long turn, List<Candidate> candidates) {

    public Choice {
        candidates = List.copyOf(candidates);
    }

    /** The strategy's name; {@code single} where there is nothing to choose. */
    public String strategy() {
        return combo.targets().size() == 1 ? "single" : combo.strategy();
    }

    /** The choice as people and programs are shown it. */
    public Map<String, Object> shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("resolved", combo.name());
        shown.put("strategy", strategy());
        shown.put("turn", turn);
        shown.put("candidates", candidates.stream().map(Candidate::shown).toList());
        return shown;
    }

    /**
     * Something that could be tried.
     *
     * @param target the canonical name
     * @param connection the account
     * @param restsMillis how long it is still to rest; 0 if it may be tried
     * @param reason why it is not tried, in a word; empty if it may be
     * @param unfit whether it is known not to be fit for the call
     */
    public record Candidate(String target, String connection, long restsMillis, String reason, boolean unfit) {

        private Map<String, Object> shown() {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("target", target);
            shown.put("connection", connection);
            shown.put("state", reason.isEmpty() ? "ready" : unfit ? "unfit" : "resting");
            if (!reason.isEmpty()) {
                shown.put("reason", reason);
                shown.putAll(unfit ? Map.of() : Map.of("rests_ms", restsMillis));
            }
            return shown;
        }
    }
}
