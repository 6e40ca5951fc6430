package io.omniroute.filters.combo;

import io.omniroute.config.CheckedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The strategy {@code auto}.
 *
 * @param exploration the share of calls that begin with any target, so that what is known of all of them stays true
 * @param modes further weights of factors by the name of the mode, which go before those that come with the gateway; the factors are
 *     {@code quota}, {@code health}, {@code cost}, {@code latency}, {@code task}, {@code stability}, {@code diversity} and {@code density}; {@code best},
 *     {@code middle} and {@code rest} say how calls are spread over targets that are nearly as good
 */
@ConfigurationProperties("omniroute.auto")
public record AutoProperties(
        @DefaultValue("0.05") double exploration,
        @DefaultValue Map<String, Map<String, Double>> modes) implements CheckedSettings {

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!(exploration >= 0 && exploration <= 1)) {
            problems.add("omniroute.auto.exploration: is " + exploration + " (expected a share, 0 to 1)");
        }
        problems.addAll(AutoScores.problems(this));
        modes.forEach((mode, weights) -> weights.forEach((factor, weight) -> {
            if (!(weight >= 0 && weight <= MOST)) {
                problems.add("omniroute.auto.modes." + mode + "." + factor + ": is " + weight + " (expected 0 to "
                        + MOST + ")");
            }
        }));
        return problems;
    }

    /** Nobody needs a larger weight, for what counts is how they compare. */
    private static final double MOST = 1_000;

    /** Nothing is said. */
    public static final AutoProperties NONE = new AutoProperties(0.05, Map.of());

    /** The names of all modes, those that come with the gateway among them. */
    public Set<String> names() {
        return AutoScores.modes(this);
    }
}
