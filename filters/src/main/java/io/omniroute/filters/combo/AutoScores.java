package io.omniroute.filters.combo;

import io.omniroute.config.Scoring;
import io.omniroute.filters.TableFile;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much each factor counts, by the mode, and how often any target comes first. Safe to share.
 *
 * @param exploration from 0 to 1
 */
record AutoScores(double exploration, Map<String, Mode> modes) {

    /** What speaks for a target. */
    enum Factor {
        QUOTA,
        HEALTH,
        COST,
        LATENCY,
        TASK,
        STABILITY,
        DIVERSITY,
        DENSITY
    }

    /** How much each factor counts, and who begins where all are nearly as good. */
    static final class Mode {

        private final double[] weights = new double[Factor.values().length];
        private final double best;
        private final double middle;
        private final double rest;

        /**
         * @param best how many of all calls begin with the best target where all are nearly as good
         * @param middle how many begin with one of the middle
         * @param rest how many begin with one of the others
         */
        Mode(Map<Factor, Double> weights, double best, double middle, double rest) {
            weights.forEach((factor, weight) -> this.weights[factor.ordinal()] = weight);
            this.best = best;
            this.middle = middle;
            this.rest = rest;
        }

        double weight(Factor factor) {
            return weights[factor.ordinal()];
        }

        double best() {
            return best;
        }

        double middle() {
            return middle;
        }

        double rest() {
            return rest;
        }
    }

    /** What clients call modes in the header {@code X-OmniRoute-Mode}. */
    private static final Map<String, String> SHORT = Map.of(
            "fast", "ship-fast",
            "balanced", Scoring.DEFAULT.mode(),
            "quality", "quality-first",
            "cheap", "cost-saver",
            "reliable", "reliability-first",
            "offline", "offline-friendly");

    /** What a mode has beside the weights of its factors. */
    private static final Set<String> SHARES = Set.of("best", "middle", "rest");

    AutoScores {
        modes = Map.copyOf(modes);
    }

    /**
     * The modes that come with the gateway, and those that are configured before them.
     *
     * @throws IllegalArgumentException if a mode that is configured has a factor that there is not
     */
    static AutoScores of(AutoProperties settings) {
        Map<String, Mode> modes = new HashMap<>();
        int factors = Factor.values().length;
        for (List<String> row : TableFile.rows("auto-weights.tsv", AutoScores.class)) {
            Map<Factor, Double> weights = new EnumMap<>(Factor.class);
            for (Factor factor : Factor.values()) {
                weights.put(factor, Double.valueOf(row.get(factor.ordinal() + 1)));
            }
            modes.put(
                    row.getFirst(),
                    new Mode(
                            weights,
                            Double.parseDouble(row.get(factors + 1)),
                            Double.parseDouble(row.get(factors + 2)),
                            Double.parseDouble(row.get(factors + 3))));
        }
        settings.modes().forEach((name, written) -> modes.put(name, configured(name, written)));
        return new AutoScores(settings.exploration(), modes);
    }

    private static Mode configured(String name, Map<String, Double> written) {
        unknownFactors(name, written).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        Map<Factor, Double> weights = new EnumMap<>(Factor.class);
        for (Factor factor : Factor.values()) {
            Double weight = written.get(factor.name().toLowerCase(Locale.ROOT));
            if (weight != null) {
                weights.put(factor, weight);
            }
        }
        return new Mode(weights, share(written, "best"), share(written, "middle"), share(written, "rest"));
    }

    private static Optional<String> unknownFactors(String name, Map<String, Double> written) {
        Set<String> unknown = new TreeSet<>(written.keySet());
        unknown.removeAll(SHARES);
        for (Factor factor : Factor.values()) {
            unknown.remove(factor.name().toLowerCase(Locale.ROOT));
        }
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of("omniroute.auto.modes." + name + " has unknown factors: " + String.join(", ", unknown));
    }

    /** What is wrong with the modes that are configured. */
    static List<String> problems(AutoProperties settings) {
        return settings.modes().entrySet().stream()
                .flatMap(mode -> unknownFactors(mode.getKey(), mode.getValue()).stream())
                .toList();
    }

    private static double share(Map<String, Double> written, String name) {
        return written.getOrDefault(name, 0.0);
    }

    /** The names of all modes. */
    static Set<String> modes(AutoProperties settings) {
        Set<String> names = new TreeSet<>(of(AutoProperties.NONE).modes.keySet());
        names.addAll(settings.modes().keySet());
        names.addAll(SHORT.keySet());
        return names;
    }

    /** The mode that somebody asks for, by its own name or by a short one; empty if there is none. */
    Optional<String> mode(String asked) {
        String name = known(asked);
        return modes.containsKey(name) ? Optional.of(name) : Optional.empty();
    }

    private String known(String name) {
        return modes.containsKey(name) ? name : SHORT.getOrDefault(name, name);
    }

    /** A mode; the usual one if there is none of that name. */
    Mode named(String name) {
        Mode mode = modes.get(known(name));
        return mode == null ? modes.getOrDefault(Scoring.DEFAULT.mode(), new Mode(Map.of(), 1, 0, 0)) : mode;
    }
}
