package io.omniroute.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider or a model, as far as requests depend on it; {@code null} or an empty set where nothing is known.
 * Immutable.
 */
public final class Facts {

    private static final long MILLION = 1_000_000;

    /** Nothing is known. */
    public static final Facts NONE = new Facts(new EnumMap<>(Fact.class));

    private final EnumMap<Fact, Object> known;

    private Facts(EnumMap<Fact, Object> known) {
        this.known = known;
    }

    /**
     * Facts as they are written.
     *
     * @throws IllegalArgumentException where a name is unknown or a value is none of the fact's
     */
    static Facts of(Map<String, ?> written) {
        if (written.isEmpty()) {
            return NONE;
        }
        EnumMap<Fact, Object> known = new EnumMap<>(Fact.class);
        written.forEach((name, value) -> {
            Fact fact = Fact.ofName(name);
            Object read = value == null ? Set.of() : fact.read(value);
            if (!read.equals(Set.of())) {
                known.put(fact, read);
            }
        });
        return new Facts(known);
    }

    /** These facts with others before them; of names that are refused, accepted or kept, all hold. */
    public Facts with(Facts nearer) {
        if (known.isEmpty() || nearer.known.isEmpty()) {
            return nearer.known.isEmpty() ? this : nearer;
        }
        EnumMap<Fact, Object> both = new EnumMap<>(known);
        nearer.known.forEach((fact, value) -> both.merge(fact, value, fact::both));
        return new Facts(both);
    }

    /** Whether it is known to cost nothing. */
    public boolean costNothing() {
        return Long.valueOf(0).equals(inputPrice()) && Long.valueOf(0).equals(outputPrice());
    }

    /**
     * What tokens cost, in micro-dollars, rounded up; empty where a price is not known, which is not nothing.
     *
     * @param input all of them, with those that were read from or written to a cache
     */
    public OptionalLong price(long input, long cacheRead, long cacheWrite, long output) {
        Long readPrice = cacheRead == 0 ? Long.valueOf(0) : cacheReadPrice();
        Long writePrice = cacheWrite == 0 ? Long.valueOf(0) : cacheWritePrice();
        Long inputTokens = inputPrice();
        Long outputTokens = outputPrice();
        if (inputTokens == null || outputTokens == null || readPrice == null || writePrice == null) {
            return OptionalLong.empty();
        }
        long plain = Math.max(0, input - cacheRead - cacheWrite);
        long sum = plain * inputTokens + cacheRead * readPrice + cacheWrite * writePrice + output * outputTokens;
        return OptionalLong.of((sum + MILLION - 1) / MILLION);
    }

    /** {@link Fact#TOKENS_FIELD}. */
    public @Nullable String tokensField() {
        return text(Fact.TOKENS_FIELD);
    }

    /** {@link Fact#REASONING_FIELD}. */
    public @Nullable String reasoningField() {
        return text(Fact.REASONING_FIELD);
    }

    /** {@link Fact#REASONING_ECHO}. */
    public @Nullable String reasoningEcho() {
        return text(Fact.REASONING_ECHO);
    }

    /** {@link Fact#GOOGLE_SIGNATURES}. */
    public @Nullable Boolean googleSignatures() {
        return yesOrNo(Fact.GOOGLE_SIGNATURES);
    }

    /** {@link Fact#PROMPT_CACHE_KEY}. */
    public @Nullable Boolean promptCacheKey() {
        return yesOrNo(Fact.PROMPT_CACHE_KEY);
    }

    /** {@link Fact#IDS}. */
    public @Nullable String ids() {
        return text(Fact.IDS);
    }

    /** {@link Fact#USER_AFTER_TOOL}. */
    public @Nullable Boolean userAfterTool() {
        return yesOrNo(Fact.USER_AFTER_TOOL);
    }

    /** {@link Fact#DEVELOPER_ROLE}. */
    public @Nullable Boolean developerRole() {
        return yesOrNo(Fact.DEVELOPER_ROLE);
    }

    /** {@link Fact#MID_SYSTEM}. */
    public @Nullable Boolean midSystem() {
        return yesOrNo(Fact.MID_SYSTEM);
    }

    /** {@link Fact#SAMPLING}. */
    public @Nullable Boolean sampling() {
        return yesOrNo(Fact.SAMPLING);
    }

    /** {@link Fact#THINKING}. */
    public @Nullable String thinking() {
        return text(Fact.THINKING);
    }

    /** {@link Fact#EFFORTS}. */
    public Set<String> efforts() {
        return names(Fact.EFFORTS);
    }

    /** {@link Fact#LEAST_THINKING}. */
    public @Nullable Long leastThinking() {
        return number(Fact.LEAST_THINKING);
    }

    /** {@link Fact#MOST_THINKING}. */
    public @Nullable Long mostThinking() {
        return number(Fact.MOST_THINKING);
    }

    /** {@link Fact#THINKING_OFF}. */
    public @Nullable Boolean thinkingOff() {
        return yesOrNo(Fact.THINKING_OFF);
    }

    /** {@link Fact#UNSUPPORTED}. */
    public Set<String> unsupported() {
        return names(Fact.UNSUPPORTED);
    }

    /** {@link Fact#TAKES}. */
    public Set<String> takes() {
        return names(Fact.TAKES);
    }

    /** {@link Fact#KEPT_SCHEMES}. */
    public Set<String> keptSchemes() {
        return names(Fact.KEPT_SCHEMES);
    }

    /** {@link Fact#THINKING_SWITCH}. */
    public @Nullable String thinkingSwitch() {
        return text(Fact.THINKING_SWITCH);
    }

    /** {@link Fact#THINKS_WHEN_FORCED}. */
    public @Nullable Boolean thinksWhenForced() {
        return yesOrNo(Fact.THINKS_WHEN_FORCED);
    }

    /** {@link Fact#STRUCTURED_OUTPUT}. */
    public @Nullable Boolean structuredOutput() {
        return yesOrNo(Fact.STRUCTURED_OUTPUT);
    }

    /** {@link Fact#JSON_SCHEMA}. */
    public @Nullable Boolean jsonSchema() {
        return yesOrNo(Fact.JSON_SCHEMA);
    }

    /** {@link Fact#SCHEMA_WITH_TOOLS}. */
    public @Nullable Boolean schemaWithTools() {
        return yesOrNo(Fact.SCHEMA_WITH_TOOLS);
    }

    /** {@link Fact#TOOLS}. */
    public @Nullable Boolean tools() {
        return yesOrNo(Fact.TOOLS);
    }

    /** {@link Fact#VISION}. */
    public @Nullable Boolean vision() {
        return yesOrNo(Fact.VISION);
    }

    /** {@link Fact#WEB_SEARCH}. */
    public @Nullable String webSearch() {
        return text(Fact.WEB_SEARCH);
    }

    /** {@link Fact#DEFAULT_OUTPUT}. */
    public @Nullable Long defaultOutput() {
        return number(Fact.DEFAULT_OUTPUT);
    }

    /** {@link Fact#MAX_OUTPUT}. */
    public @Nullable Long maxOutput() {
        return number(Fact.MAX_OUTPUT);
    }

    /** {@link Fact#CONTEXT_WINDOW}. */
    public @Nullable Long contextWindow() {
        return number(Fact.CONTEXT_WINDOW);
    }

    /** {@link Fact#INPUT_PRICE}. */
    public @Nullable Long inputPrice() {
        return number(Fact.INPUT_PRICE);
    }

    /** {@link Fact#OUTPUT_PRICE}. */
    public @Nullable Long outputPrice() {
        return number(Fact.OUTPUT_PRICE);
    }

    /** {@link Fact#CACHE_READ_PRICE}. */
    public @Nullable Long cacheReadPrice() {
        return number(Fact.CACHE_READ_PRICE);
    }

    /** {@link Fact#CACHE_WRITE_PRICE}. */
    public @Nullable Long cacheWritePrice() {
        return number(Fact.CACHE_WRITE_PRICE);
    }

    private @Nullable String text(Fact fact) {
        return (String) known.get(fact);
    }

    private @Nullable Boolean yesOrNo(Fact fact) {
        return (Boolean) known.get(fact);
    }

    private @Nullable Long number(Fact fact) {
        return (Long) known.get(fact);
    }

    @SuppressWarnings("unchecked") // a fact that is names is read as a set of them
    private Set<String> names(Fact fact) {
        return (Set<String>) known.getOrDefault(fact, Set.of());
    }
}
