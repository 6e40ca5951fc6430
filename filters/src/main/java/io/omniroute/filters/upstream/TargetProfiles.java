package io.omniroute.filters.upstream;

import io.omniroute.config.Facts;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Provider;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.format.AskedThinking;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.TargetProfile.Echo;
import io.omniroute.translators.format.TargetProfile.Search;
import io.omniroute.translators.format.TargetProfile.Thinking;
import io.omniroute.translators.format.ThinkingRange;
import io.omniroute.translators.json.JsonLimits;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known and configured of a provider and a model, as the formats need it. */
final class TargetProfiles {

    private static final long USUAL_OUTPUT = TargetProfile.unknown("", "").defaultOutput();

    private final KnownFacts known;

    TargetProfiles(KnownFacts known) {
        this.known = known;
    }

    private static final Set<String> USUAL_EFFORTS = Set.of("low", "medium", "high");

    TargetProfile of(Attempt attempt) {
        Provider provider = attempt.provider();
        String model = attempt.target().model();
        Facts facts = known.of(provider, model);
        TargetProfile.Builder profile = TargetProfile.of(provider.id(), model)
                .thinking(thinking(attempt))
                .webSearch(search(attempt))
                .ids(ids(facts.ids()))
                .range(range(facts))
                .unsupported(both(provider.unsupported(), facts.unsupported()))
                .takes(facts.takes());
        put(facts.tokensField(), profile::tokensField);
        put(facts.reasoningField(), profile::reasoningField);
        put(facts.reasoningEcho(), echo -> profile.reasoningEcho(Echo.valueOf(upper(echo))));
        put(facts.googleSignatures(), profile::googleSignatures);
        put(facts.promptCacheKey(), profile::promptCacheKey);
        put(facts.userAfterTool(), profile::userAfterTool);
        put(facts.developerRole(), profile::developerRole);
        put(facts.midSystem(), profile::midSystem);
        put(facts.sampling(), profile::sampling);
        put(facts.thinking(), thinking -> thinks(Thinking.valueOf(upper(thinking)), facts, attempt, profile));
        put(facts.thinkingSwitch(), name -> profile.thinkingSwitch(name.equals("none") ? "" : name));
        put(facts.thinksWhenForced(), profile::thinksWhenForced);
        put(facts.structuredOutput(), profile::structuredOutput);
        put(facts.jsonSchema(), profile::jsonSchema);
        put(facts.schemaWithTools(), profile::schemaWithTools);
        put(facts.webSearch(), when -> profile.webSearch(Search.valueOf(upper(when))));
        put(facts.maxOutput(), most -> profile.maxOutput(most).defaultOutput(Math.min(most, USUAL_OUTPUT)));
        put(facts.defaultOutput(), profile::defaultOutput);
        put(facts.contextWindow(), profile::contextWindow);
        return profile.build();
    }

    /** Which ids of tool calls the provider accepts. */
    IdRule idsOf(Attempt attempt) {
        String configured = configured(attempt).ids();
        return ids(configured == null ? shipped(attempt).ids() : configured);
    }

    /** What is configured of the model. */
    static Facts configured(Attempt attempt) {
        return attempt.provider().factsOf(attempt.target().model());
    }

    /** Whether a body in the provider's own format asks for thoughts as the model is known not to be asked. */
    boolean thinksOtherwise(byte[] body, Attempt attempt, JsonLimits limits) {
        return attempt.format().id().equals("anthropic-messages")
                && ((isRefused("adaptive_thinking", attempt) && AskedThinking.isAdaptive(body, limits))
                        || (isRefused("budget_thinking", attempt) && AskedThinking.isEnabled(body, limits))
                        || (isRefused("effort", attempt) && AskedThinking.isEffort(body, limits)));
    }

    /** Whether the provider is known or said to refuse a field. */
    boolean isRefused(String field, Attempt attempt) {
        Provider provider = attempt.provider();
        return provider.unsupported().contains(field)
                || configured(attempt).unsupported().contains(field)
                || shipped(attempt).unsupported().contains(field);
    }

    /** What is known of the model at its provider. */
    Facts shipped(Attempt attempt) {
        return known.of(attempt.provider().baseUrl(), attempt.target().model());
    }

    private static ThinkingRange range(Facts facts) {
        ThinkingRange usual = ThinkingRange.UNKNOWN;
        return new ThinkingRange(
                facts.efforts(),
                or(facts.leastThinking(), usual.least()),
                or(facts.mostThinking(), usual.most()),
                or(facts.thinkingOff(), usual.stops()));
    }

    /** Schemes of addresses that name what the provider keeps. */
    Set<String> keptSchemes(Attempt attempt) {
        Set<String> shipped = shipped(attempt).keptSchemes();
        Set<String> configured = configured(attempt).keptSchemes();
        return configured.isEmpty() ? shipped : both(shipped, configured);
    }

    /** How a model is told to think: OpenAI's formats have nothing but efforts for that, whatever its own vendor's format has. */
    private static void thinks(Thinking style, Facts facts, Attempt attempt, TargetProfile.Builder profile) {
        boolean named =
                attempt.format().id().startsWith("openai-") && style != Thinking.NONE && style != Thinking.EFFORT;
        boolean object = facts.takes().contains("reasoning");
        if (!named || (object && attempt.format().id().equals("openai-chat"))) {
            profile.thinking(style);
            return;
        }
        ThinkingRange range = range(facts);
        profile.thinking(Thinking.EFFORT)
                .range(new ThinkingRange(efforts(style, object, range), range.least(), range.most(), range.stops()));
    }

    private static Set<String> efforts(Thinking style, boolean object, ThinkingRange range) {
        if (style == Thinking.LEVEL && !range.efforts().isEmpty()) {
            return range.efforts();
        }
        if (!object && !range.efforts().isEmpty()) {
            // whoever gives on what Anthropic answers may not know all of its words, and its models think where they
            // are told to
            return Set.of();
        }
        Set<String> efforts = new LinkedHashSet<>(USUAL_EFFORTS);
        efforts.addAll(range.efforts());
        if (range.stops()) {
            efforts.add("none");
        }
        return efforts;
    }

    /** Where the model is not known, what the format's own models do. */
    private static Thinking thinking(Attempt attempt) {
        return switch (attempt.format().id()) {
            case "openai-chat", "openai-responses" -> Thinking.EFFORT;
            default -> Thinking.BUDGET;
        };
    }

    /** Where the model is not known, what the format's models usually do. */
    private static Search search(Attempt attempt) {
        return switch (attempt.format().id()) {
            case "openai-chat" -> Search.NEVER;
            case "gemini" -> Search.ALONE;
            default -> Search.ALWAYS;
        };
    }

    private static IdRule ids(@Nullable String rule) {
        return switch (rule == null ? "common" : rule) {
            case "short" -> IdRule.SHORT;
            case "nine" -> IdRule.NINE;
            default -> IdRule.COMMON;
        };
    }

    private static <T> void put(@Nullable T value, Consumer<T> fact) {
        if (value != null) {
            fact.accept(value);
        }
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        Set<String> both = new LinkedHashSet<>(one);
        both.addAll(other);
        return Set.copyOf(both);
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
