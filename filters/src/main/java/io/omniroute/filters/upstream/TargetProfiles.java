package io.omniroute.filters.upstream;

import io.omniroute.config.Facts;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Provider;
import io.omniroute.filters.combo.Attempt;
import io.omniroute.translators.format.HistoryThoughts;
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
import org.jspecify.annotations.Nullable;

/** What is known and configured of a provider and a model, as the formats need it. */
final class TargetProfiles {

    private final KnownFacts known;

    TargetProfiles(KnownFacts known) {
        this.known = known;
    }

    TargetProfile of(Attempt attempt) {
        Provider provider = attempt.provider();
        String model = attempt.target().model();
        Facts facts = known.of(provider, model);
        TargetProfile usual = TargetProfile.unknown(provider.id(), model);
        Set<String> unsupported = new LinkedHashSet<>(provider.unsupported());
        unsupported.addAll(facts.unsupported());
        return new TargetProfile(
                provider.id(),
                model,
                or(facts.tokensField(), usual.tokensField()),
                or(facts.reasoningField(), usual.reasoningField()),
                facts.reasoningEcho() == null
                        ? usual.reasoningEcho()
                        : Echo.valueOf(facts.reasoningEcho().toUpperCase(Locale.ROOT)),
                or(facts.googleSignatures(), usual.googleSignatures()),
                or(facts.promptCacheKey(), usual.promptCacheKey()),
                ids(facts.ids()),
                or(facts.userAfterTool(), usual.userAfterTool()),
                or(facts.developerRole(), usual.developerRole()),
                or(facts.midSystem(), usual.midSystem()),
                or(facts.sampling(), usual.sampling()),
                facts.thinking() == null
                        ? thinking(attempt)
                        : Thinking.valueOf(facts.thinking().toUpperCase(Locale.ROOT)),
                range(facts),
                Set.copyOf(unsupported),
                facts.takes(),
                facts.thinkingSwitch() == null || facts.thinkingSwitch().equals("none") ? "" : facts.thinkingSwitch(),
                or(facts.thinksWhenForced(), usual.thinksWhenForced()),
                or(facts.structuredOutput(), usual.structuredOutput()),
                or(facts.jsonSchema(), usual.jsonSchema()),
                or(facts.schemaWithTools(), usual.schemaWithTools()),
                facts.webSearch() == null
                        ? search(attempt)
                        : Search.valueOf(facts.webSearch().toUpperCase(Locale.ROOT)),
                or(facts.defaultOutput(), Math.min(usual.defaultOutput(), or(facts.maxOutput(), Long.MAX_VALUE))),
                or(facts.maxOutput(), usual.maxOutput()),
                or(facts.contextWindow(), usual.contextWindow()));
    }

    /** Which ids of tool calls the provider accepts. */
    IdRule idsOf(Attempt attempt) {
        String configured = attempt.provider().factsOf(attempt.target().model()).ids();
        return ids(configured == null ? shipped(attempt).ids() : configured);
    }

    /** The body with the thoughts of its history as the provider takes them. */
    byte[] withThoughts(byte[] body, Attempt attempt, JsonLimits limits) {
        if (!attempt.format().id().equals("openai-chat")) {
            return body;
        }
        Facts configured = attempt.provider().factsOf(attempt.target().model());
        Facts shipped = shipped(attempt);
        String echo = configured.reasoningEcho() == null ? shipped.reasoningEcho() : configured.reasoningEcho();
        if (echo == null) {
            return body;
        }
        String field = configured.reasoningField() == null ? shipped.reasoningField() : configured.reasoningField();
        return HistoryThoughts.fitting(body, Echo.valueOf(echo.toUpperCase(Locale.ROOT)), or(field, ""), limits);
    }

    /** Whether the provider is known or said to refuse a field. */
    boolean isRefused(String field, Attempt attempt) {
        Provider provider = attempt.provider();
        return provider.unsupported().contains(field)
                || provider.factsOf(attempt.target().model()).unsupported().contains(field)
                || shipped(attempt).unsupported().contains(field);
    }

    private Facts shipped(Attempt attempt) {
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
        String model = attempt.target().model();
        Set<String> shipped = shipped(attempt).keptSchemes();
        Set<String> configured = attempt.provider().factsOf(model).keptSchemes();
        if (configured.isEmpty()) {
            return shipped;
        }
        Set<String> all = new LinkedHashSet<>(shipped);
        all.addAll(configured);
        return all;
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

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
