package io.omniroute.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider or a model, as far as requests depend on it; {@code null} where nothing is known.
 *
 * @param tokensField the name of the output limit in the Chat format
 * @param reasoningField where reasoning stands in messages of the Chat format, {@code tags} for the text itself, empty for
 *     nowhere
 * @param reasoningEcho {@code required}, {@code allowed} or {@code forbidden}: whether its reasoning may come back
 * @param googleSignatures whether messages of the Chat format carry Google's signatures of calls
 * @param promptCacheKey whether the Chat format's hints of caches are known
 * @param ids {@code common}, {@code short} (40 characters) or {@code nine} (letters and digits)
 * @param userAfterTool whether a user's turn may follow a tool's
 * @param developerRole whether the role {@code developer} is known
 * @param midSystem whether system turns may stand between others
 * @param sampling whether temperature and the like are accepted
 * @param thinking {@code none}, {@code effort}, {@code budget}, {@code adaptive} or {@code level}
 * @param efforts the words for how much to think that the model knows; the nearest model or provider that names any decides
 * @param leastThinking the smallest budget to think with, in tokens
 * @param mostThinking the largest one
 * @param thinkingOff whether the model can be told not to think
 * @param unsupported fields that are refused
 * @param takes fields beyond those of its format that are known to be accepted
 * @param keptSchemes schemes of addresses, such as {@code ms} in {@code ms://…}, by which texts of a request name what the provider keeps
 * @param thinkingSwitch {@code type} where messages of the Chat format turn thinking on and off by {@code thinking.type},
 *     {@code enable_thinking} where they do by a field of that name, {@code none} where they do not
 * @param thinksWhenForced whether the model may think where it is forced to call a tool
 * @param structuredOutput whether the model follows a schema by itself
 * @param jsonSchema whether Gemini's schemas may be written as JSON Schema
 * @param schemaWithTools whether an answer may have to follow a schema beside functions
 * @param tools whether the model can call functions
 * @param vision whether the model takes images
 * @param webSearch {@code never}, {@code alone} (without functions) or {@code always}: when its search may be asked for
 * @param defaultOutput the output limit where one is required and the client gave none, in tokens
 * @param maxOutput the highest output limit, in tokens
 * @param contextWindow in tokens
 * @param inputPrice micro-dollars for a million tokens
 * @param outputPrice micro-dollars for a million tokens
 * @param cacheReadPrice of input that comes from the provider's prompt cache, in micro-dollars for a million tokens
 * @param cacheWritePrice of input that goes into it
 */
public record Facts(
        @Nullable String tokensField,
        @Nullable String reasoningField,
        @Nullable String reasoningEcho,
        @Nullable Boolean googleSignatures,
        @Nullable Boolean promptCacheKey,
        @Nullable String ids,
        @Nullable Boolean userAfterTool,
        @Nullable Boolean developerRole,
        @Nullable Boolean midSystem,
        @Nullable Boolean sampling,
        @Nullable String thinking,
        Set<String> efforts,
        @Nullable Long leastThinking,
        @Nullable Long mostThinking,
        @Nullable Boolean thinkingOff,
        Set<String> unsupported,
        Set<String> takes,
        Set<String> keptSchemes,
        @Nullable String thinkingSwitch,
        @Nullable Boolean thinksWhenForced,
        @Nullable Boolean structuredOutput,
        @Nullable Boolean jsonSchema,
        @Nullable Boolean schemaWithTools,
        @Nullable Boolean tools,
        @Nullable Boolean vision,
        @Nullable String webSearch,
        @Nullable Long defaultOutput,
        @Nullable Long maxOutput,
        @Nullable Long contextWindow,
        @Nullable Long inputPrice,
        @Nullable Long outputPrice,
        @Nullable Long cacheReadPrice,
        @Nullable Long cacheWritePrice) {

    private static final Set<String> NAMES = Set.of(
            "tokens-field",
            "reasoning-field",
            "reasoning-echo",
            "google-signatures",
            "prompt-cache-key",
            "ids",
            "user-after-tool",
            "developer-role",
            "mid-system",
            "sampling",
            "thinking",
            "unsupported",
            "takes",
            "kept-schemes",
            "structured-output",
            "tools",
            "vision",
            "web-search",
            "default-output",
            "max-output",
            "context-window",
            "input-price",
            "output-price",
            "cache-read-price",
            "cache-write-price",
            "efforts",
            "least-thinking",
            "most-thinking",
            "thinking-off",
            "thinking-switch",
            "thinks-when-forced",
            "json-schema",
            "schema-with-tools");

    private static final Map<String, Set<String>> WORDS = Map.of(
            "reasoning-echo", Set.of("required", "allowed", "forbidden"),
            "ids", Set.of("common", "short", "nine"),
            "thinking", Set.of("none", "effort", "budget", "adaptive", "level"),
            "thinking-switch", Set.of("none", "type", "enable_thinking"),
            "web-search", Set.of("never", "alone", "always"));

    private static final long MILLION = 1_000_000;

    /** Nothing is known. */
    public static final Facts NONE = read(Map.of());

    /** Whether it is known to cost nothing. */
    public boolean costNothing() {
        return Long.valueOf(0).equals(inputPrice) && Long.valueOf(0).equals(outputPrice);
    }

    /**
     * What tokens cost, in micro-dollars, rounded up; empty where a price is not known, which is not nothing.
     *
     * @param input all of them, with those that were read from or written to a cache
     */
    public OptionalLong price(long input, long cacheRead, long cacheWrite, long output) {
        Long readPrice = cacheRead == 0 ? Long.valueOf(0) : cacheReadPrice;
        Long writePrice = cacheWrite == 0 ? Long.valueOf(0) : cacheWritePrice;
        if (inputPrice == null || outputPrice == null || readPrice == null || writePrice == null) {
            return OptionalLong.empty();
        }
        long plain = Math.max(0, input - cacheRead - cacheWrite);
        long sum = plain * inputPrice + cacheRead * readPrice + cacheWrite * writePrice + output * outputPrice;
        return OptionalLong.of((sum + MILLION - 1) / MILLION);
    }

    /** There is one that says nothing, which most models have. */
    @SuppressWarnings("ReferenceEquality")
    private boolean saysNothing() {
        return this == NONE;
    }

    /** These facts with others before them; fields that either refuses are refused. */
    public Facts with(Facts nearer) {
        if (saysNothing() || nearer.saysNothing()) {
            return nearer.saysNothing() ? this : nearer;
        }
        return new Facts(
                first(nearer.tokensField(), tokensField),
                first(nearer.reasoningField(), reasoningField),
                first(nearer.reasoningEcho(), reasoningEcho),
                first(nearer.googleSignatures(), googleSignatures),
                first(nearer.promptCacheKey(), promptCacheKey),
                first(nearer.ids(), ids),
                first(nearer.userAfterTool(), userAfterTool),
                first(nearer.developerRole(), developerRole),
                first(nearer.midSystem(), midSystem),
                first(nearer.sampling(), sampling),
                first(nearer.thinking(), thinking),
                nearer.efforts().isEmpty() ? efforts : nearer.efforts(),
                first(nearer.leastThinking(), leastThinking),
                first(nearer.mostThinking(), mostThinking),
                first(nearer.thinkingOff(), thinkingOff),
                both(unsupported, nearer.unsupported()),
                both(takes, nearer.takes()),
                both(keptSchemes, nearer.keptSchemes()),
                first(nearer.thinkingSwitch(), thinkingSwitch),
                first(nearer.thinksWhenForced(), thinksWhenForced),
                first(nearer.structuredOutput(), structuredOutput),
                first(nearer.jsonSchema(), jsonSchema),
                first(nearer.schemaWithTools(), schemaWithTools),
                first(nearer.tools(), tools),
                first(nearer.vision(), vision),
                first(nearer.webSearch(), webSearch),
                first(nearer.defaultOutput(), defaultOutput),
                first(nearer.maxOutput(), maxOutput),
                first(nearer.contextWindow(), contextWindow),
                first(nearer.inputPrice(), inputPrice),
                first(nearer.outputPrice(), outputPrice),
                first(nearer.cacheReadPrice(), cacheReadPrice),
                first(nearer.cacheWritePrice(), cacheWritePrice));
    }

    /** Facts as they are written; an unknown name is a mistake. */
    static Facts of(Map<String, ?> written) {
        return written.isEmpty() ? NONE : read(written);
    }

    private static Facts read(Map<String, ?> written) {
        for (String name : written.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("unknown fact \"" + name + "\" (expected one of: " + NAMES + ")");
            }
        }
        return new Facts(
                text(written, "tokens-field"),
                text(written, "reasoning-field"),
                text(written, "reasoning-echo"),
                bool(written, "google-signatures"),
                bool(written, "prompt-cache-key"),
                text(written, "ids"),
                bool(written, "user-after-tool"),
                bool(written, "developer-role"),
                bool(written, "mid-system"),
                bool(written, "sampling"),
                text(written, "thinking"),
                names(written, "efforts"),
                number(written, "least-thinking"),
                number(written, "most-thinking"),
                bool(written, "thinking-off"),
                names(written, "unsupported"),
                names(written, "takes"),
                names(written, "kept-schemes"),
                text(written, "thinking-switch"),
                bool(written, "thinks-when-forced"),
                bool(written, "structured-output"),
                bool(written, "json-schema"),
                bool(written, "schema-with-tools"),
                bool(written, "tools"),
                bool(written, "vision"),
                text(written, "web-search"),
                number(written, "default-output"),
                number(written, "max-output"),
                number(written, "context-window"),
                number(written, "input-price"),
                number(written, "output-price"),
                number(written, "cache-read-price"),
                number(written, "cache-write-price"));
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<String> both = new LinkedHashSet<>(one);
        both.addAll(other);
        return Set.copyOf(both);
    }

    private static Set<String> names(Map<String, ?> written, String fact) {
        Object value = written.get(fact);
        Set<String> names = new LinkedHashSet<>();
        if (value instanceof Iterable<?> all) {
            all.forEach(name -> names.add(name.toString()));
        } else if (value != null) {
            names.addAll(List.of(value.toString().split("\\s*,\\s*")));
        }
        return Set.copyOf(names);
    }

    private static <T> @Nullable T first(@Nullable T nearer, @Nullable T otherwise) {
        return nearer == null ? otherwise : nearer;
    }

    private static @Nullable String text(Map<String, ?> written, String name) {
        Object value = written.get(name);
        if (value == null) {
            return null;
        }
        Set<String> words = WORDS.getOrDefault(name, Set.of());
        if (!words.isEmpty() && !words.contains(value.toString())) {
            throw new IllegalArgumentException(
                    name + " is \"" + value + "\" (expected one of: " + new TreeSet<>(words) + ")");
        }
        return value.toString();
    }

    private static @Nullable Boolean bool(Map<String, ?> written, String name) {
        Object value = written.get(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        return switch (value.toString()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " is \"" + value + "\" (expected true or false)");
        };
    }

    private static @Nullable Long number(Map<String, ?> written, String name) {
        Object value = written.get(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value.toString());
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException(name + " is \"" + value + "\" (expected a whole number)", other);
        }
    }
}
