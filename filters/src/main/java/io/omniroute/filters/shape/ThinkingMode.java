package io.omniroute.filters.shape;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Reasoning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How much models think, whatever clients say. What a model's name says counts more. */
final class ThinkingMode implements ShapingPolicy {

    private static final List<String> MODES = List.of("passthrough", "strip", "fixed", "adaptive");
    private static final int MANY_TURNS = 10;
    private static final int MANY_TOOLS = 3;
    private static final int LONG_TEXT = 2_000;
    private static final double FOR_TURNS = 0.5;
    private static final double FOR_TOOLS = 0.5;
    private static final double FOR_TEXT = 0.3;

    private static final Map<String, Long> BUDGETS = Map.of(
            "none", 0L,
            "minimal", 1_024L,
            "low", 2_048L,
            "medium", 8_192L,
            "high", 24_576L,
            "xhigh", 32_768L,
            "max", 65_536L);

    private final String mode;
    private final String effort;

    /** @throws IllegalArgumentException if a word is unknown */
    ThinkingMode(ShapingProperties.Thinking settings) {
        this.mode = settings.mode();
        this.effort = settings.effort();
        List<String> problems = problems(settings);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /** What is not a word that is known. */
    static List<String> problems(ShapingProperties.Thinking settings) {
        List<String> problems = new ArrayList<>();
        if (!BUDGETS.containsKey(settings.effort())) {
            problems.add("omniroute.shaping.thinking.effort: is \"" + settings.effort() + "\" (expected one of: "
                    + String.join(", ", new TreeSet<>(BUDGETS.keySet())) + ")");
        }
        if (!MODES.contains(settings.mode())) {
            problems.add("omniroute.shaping.thinking.mode: is \"" + settings.mode() + "\" (expected one of: "
                    + String.join(", ", MODES) + ")");
        }
        return problems;
    }

    @Override
    public Shaped apply(Shaped shaped, HttpHeaders headers) {
        if (shaped.shape().reasoning() != null) {
            return shaped;
        }
        Reasoning reasoning = switch (mode) {
            case "strip" -> Reasoning.DEFAULT;
            case "fixed" -> effort(effort);
            default -> adapted(shaped.call().body());
        };
        return shaped.with(shaped.shape().with(reasoning));
    }

    static Reasoning effort(String effort) {
        return effort.equals("none") ? EffortSuffix.OFF : new Reasoning(Reasoning.Mode.ON, effort, null, null);
    }

    private Reasoning adapted(byte[] body) {
        ObjectNode request = Json.requestObject(body);
        JsonNode turns = request.has("messages")
                ? request.get("messages")
                : request.has("contents") ? request.get("contents") : request.path("input");
        double factor = 1;
        factor += turns.size() > MANY_TURNS ? FOR_TURNS : 0;
        factor += request.path("tools").size() > MANY_TOOLS ? FOR_TOOLS : 0;
        String last = turns.isArray() && !turns.isEmpty()
                ? turns.get(turns.size() - 1).toString()
                : turns.toString();
        factor += last.length() > LONG_TEXT ? FOR_TEXT : 0;
        long budget = Math.round(BUDGETS.getOrDefault(effort, 0L) * factor);
        return budget == 0 ? EffortSuffix.OFF : new Reasoning(Reasoning.Mode.ON, null, budget, null);
    }
}
