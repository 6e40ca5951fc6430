package io.omniroute.translators.format;

import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Reasoning;
import org.jspecify.annotations.Nullable;

/** The bridge between efforts in words and budgets in tokens. From word to number to word is the identity. */
public final class Thinking {

    private static final long MINIMAL = 1_024;
    private static final long LOW = 2_048;
    private static final long MEDIUM = 8_192;
    private static final long HIGH = 24_576;
    /** The largest budget that models take of which nothing else is known. */
    public static final long MOST_USUAL = HIGH;

    private static final long HIGHER = 32_768;

    private Thinking() {}

    /** The tokens to think with, by the budget itself or by the effort; a model that is only told to think gets a medium one. */
    public static long budget(Reasoning reasoning) {
        Long budget = reasoning.budget();
        if (budget != null) {
            return budget;
        }
        String effort = reasoning.effort();
        return switch (effort == null ? "medium" : effort) {
            case "none" -> 0;
            case "minimal" -> MINIMAL;
            case "low" -> LOW;
            case "high" -> HIGH;
            case "xhigh" -> HIGHER;
            case "max", "ultra" -> Long.MAX_VALUE;
            default -> MEDIUM;
        };
    }

    /** The effort in words, by itself or by the budget; {@code null} if neither is known. */
    public static @Nullable String effort(Reasoning reasoning) {
        if (reasoning.mode() == Reasoning.Mode.OFF) {
            return "none";
        }
        Long budget = reasoning.budget();
        if (reasoning.effort() != null || budget == null) {
            return reasoning.effort();
        }
        if (budget <= 0) {
            return budget == 0 ? "none" : null;
        }
        if (budget <= MINIMAL) {
            return "minimal";
        }
        if (budget <= 4_096) {
            return "low";
        }
        if (budget <= 16_384) {
            return "medium";
        }
        return budget <= 28_672 ? "high" : "xhigh";
    }

    /** The same, where nothing but an effort makes a model think: one that is only told to gets a medium one. */
    public static @Nullable String effortToThink(Reasoning reasoning) {
        String effort = effort(reasoning);
        return effort == null && reasoning.mode() == Reasoning.Mode.ON ? "medium" : effort;
    }

    /**
     * Whether a model is not told not to think: it does not, or nobody knows whether it can be told, which is noted where it may
     * think.
     */
    public static boolean goesWithoutSaying(String effort, TargetProfile target, Losses losses) {
        if (!effort.equals("none")) {
            return false;
        }
        boolean unknown = target.thinking() == TargetProfile.Thinking.EFFORT
                && target.range().efforts().isEmpty();
        boolean shows =
                !target.reasoningField().isEmpty() && !target.reasoningField().equals("tags");
        if (unknown && shows) {
            losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
        }
        return unknown || target.thinking() != TargetProfile.Thinking.EFFORT;
    }

    /** Thoughts as they stand before a text where a provider has no field for them. */
    public static String inText(String thoughts) {
        return ThinkTags.OPEN + thoughts + ThinkTags.CLOSE + "\n\n";
    }

    /** The effort in a word that the model knows; notes where that is not the client's. */
    public static String known(String effort, TargetProfile target, Losses losses) {
        String known = target.range().nearest(effort);
        if (!known.equals(effort)) {
            losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
        }
        return known;
    }
}
