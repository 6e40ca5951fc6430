package io.omniroute.filters.combo;

import io.omniroute.config.Scoring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much each factor counts, by the mode, and how often any target comes first. Safe to share.
 *
 * @param exploration from 0 to 1
 */
record AutoScores(double exploration, Map<String, Map<String, Double>> modes) {

    private static final List<String> FACTORS = List.of("quota", "health", "cost", "latency", "task", "stability");

    /** What clients call modes in the header {@code X-OmniRoute-Mode}. */
    private static final Map<String, String> SHORT = Map.of(
            "fast", "ship-fast",
            "balanced", Scoring.DEFAULT.mode(),
            "quality", "quality-first",
            "cheap", "cost-saver",
            "reliable", "reliability-first",
            "offline", "offline-friendly");

    AutoScores {
        modes = Map.copyOf(modes);
    }

    /** The weights that come with the gateway, and those that are configured before them. */
    static AutoScores of(AutoProperties settings) {
        Map<String, Map<String, Double>> modes = new HashMap<>();
        for (List<String> row : TableFile.rows("auto-weights.tsv")) {
            Map<String, Double> weights = new HashMap<>();
            for (int i = 0; i < FACTORS.size(); i++) {
                weights.put(FACTORS.get(i), Double.valueOf(row.get(i + 1)));
            }
            modes.put(row.getFirst(), Map.copyOf(weights));
        }
        settings.modes().forEach((mode, weights) -> modes.put(mode, Map.copyOf(weights)));
        return new AutoScores(settings.exploration(), modes);
    }

    /** The mode that somebody asks for, by its own name or by a short one; empty if there is none. */
    Optional<String> mode(String asked) {
        String name = SHORT.getOrDefault(asked, asked);
        return modes.containsKey(name) ? Optional.of(name) : Optional.empty();
    }

    /** The weights of a mode; those of the usual one if there is none of that name. */
    Map<String, Double> weights(String mode) {
        return modes.getOrDefault(mode, modes.getOrDefault(Scoring.DEFAULT.mode(), Map.of()));
    }
}
