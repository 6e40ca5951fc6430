package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Facts;
import io.omniroute.config.Member;
import io.omniroute.config.Nested;
import io.omniroute.config.Target;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.format.RequestNeeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are known not to be fit for a call, and why: what the combo demands, and what the call itself needs. What is not known
 * speaks for a target. Whether a prompt fits is only estimated: where it seems to fit nowhere, the providers decide.
 *
 * @param unfit a word for why, by the target without settings of its own
 */
record Fitness(Map<Target, String> unfit) {

    /** Everything is fit, as far as anybody knows. */
    static final Fitness ALL = new Fitness(Map.of());

    private static final String TOO_LONG = "prompt-too-long";
    private static final String NO_STRUCTURE = "no-structured-output";
    /** What a provider, or the translation to it, may still make good. */
    private static final Set<String> OPEN = Set.of(TOO_LONG, NO_STRUCTURE);

    /**
     * What is known of a combo's targets before any call.
     *
     * @param facts of the targets that differ, each once; none where what a call needs leaves no target out
     * @param shortest the smallest context window that is known, in tokens
     * @param demanded what the combo itself leaves out
     */
    record OfCombo(Map<Target, Facts> facts, long shortest, boolean lacksSomething, Fitness demanded) {

        static OfCombo of(Combo combo, Function<Target, Facts> factsOf) {
            Map<Target, Facts> facts = new HashMap<>();
            combo.reached().forEach(target -> facts.computeIfAbsent(target.bare(), factsOf));
            boolean limited = combo.all().anyMatch(one -> one.demands().areAny());
            Map<Target, String> unfit = new HashMap<>();
            facts.forEach((target, of) -> {
                if (limited && !allows(combo, target, window(of), of.costNothing())) {
                    unfit.put(target, "not-demanded");
                }
            });
            boolean several = facts.size() > 1 && combo.demands().capabilities();
            return new OfCombo(
                    several ? facts : Map.of(),
                    facts.values().stream()
                            .mapToLong(of -> window(of).orElse(Long.MAX_VALUE))
                            .min()
                            .orElse(Long.MAX_VALUE),
                    facts.values().stream().anyMatch(Fitness::lacksSomething),
                    unfit.isEmpty() ? ALL : new Fitness(unfit));
        }

        /**
         * The fitness for a call.
         *
         * @param mostTokens how many tokens the call has at most, by its length; 0 if that is not known
         * @param needs what the call needs, and about how many tokens it has; asked only where something depends on it
         */
        Fitness of(long mostTokens, @Nullable Supplier<RequestNeeds> needs) {
            if (facts.isEmpty() || needs == null || (!lacksSomething && mostTokens <= shortest)) {
                return demanded;
            }
            RequestNeeds known = needs.get();
            Map<Target, String> unfit = new HashMap<>(demanded.unfit());
            facts.forEach((target, of) -> {
                String lack = lack(of, known);
                if (!lack.isEmpty()) {
                    unfit.putIfAbsent(target, lack);
                }
                if (window(of).orElse(Long.MAX_VALUE) < known.tokens()) {
                    unfit.putIfAbsent(target, TOO_LONG);
                }
            });
            return unfit.isEmpty() ? ALL : new Fitness(unfit);
        }
    }

    /** If none of these targets is fit, the same without the reasons that are only estimates (a prompt's length, structured output): their providers decide. */
    Fitness among(Supplier<List<Target>> targets) {
        if (isOfAll()
                || targets.get().stream().anyMatch(target -> reason(target).isEmpty())) {
            return this;
        }
        return without(OPEN);
    }

    /** The same without what the translation of the call makes good. */
    Fitness translated() {
        return without(Set.of(NO_STRUCTURE));
    }

    private Fitness without(Set<String> reasons) {
        Map<Target, String> left = new HashMap<>(unfit);
        left.values().removeIf(reasons::contains);
        return left.isEmpty() ? ALL : new Fitness(left);
    }

    /** Whether a target is fit. */
    boolean takes(Target target) {
        return reason(target).isEmpty();
    }

    /** Whether everything is fit. */
    boolean isOfAll() {
        return unfit.isEmpty();
    }

    /** A word for why a target is not fit; empty if it is. */
    String reason(Target target) {
        return unfit.isEmpty() ? "" : unfit.getOrDefault(target.bare(), "");
    }

    private static OptionalLong window(Facts facts) {
        Long window = facts.contextWindow();
        return window == null ? OptionalLong.empty() : OptionalLong.of(window);
    }

    /** The refusal of a call that no target is fit for. */
    ApiException refusal(String asked) {
        return ApiError.invalid(
                        "model",
                        "no target of \"" + asked + "\" can take this call ("
                                + String.join(", ", new TreeSet<>(unfit.values())) + ")")
                .withCode(ErrorCodes.CAPABILITY_MISMATCH)
                .exception();
    }

    /** Whether some way through the combos leads to the target whose demands it all meets. */
    private static boolean allows(Combo combo, Target target, OptionalLong window, boolean free) {
        return combo.demands().allow(target.model(), window, free)
                && (combo.members().stream().anyMatch(member -> leads(member, target, window, free))
                        || combo.panel().judge().filter(target::isSameAs).isPresent());
    }

    private static boolean leads(Member member, Target target, OptionalLong window, boolean free) {
        return switch (member) {
            case Target listed -> listed.isSameAs(target);
            case Nested nested -> allows(nested.combo(), target, window, free);
        };
    }

    private static boolean lacksSomething(Facts facts) {
        return isNo(facts.tools()) || isNo(facts.vision()) || isNo(facts.structuredOutput());
    }

    private static String lack(Facts facts, RequestNeeds needs) {
        if (needs.tools() && isNo(facts.tools())) {
            return "no-tools";
        }
        if (needs.vision() && isNo(facts.vision())) {
            return "no-vision";
        }
        return needs.structuredOutput() && isNo(facts.structuredOutput()) ? NO_STRUCTURE : "";
    }

    private static boolean isNo(@Nullable Boolean fact) {
        return Boolean.FALSE.equals(fact);
    }
}
