package io.omniroute.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that can be known of a provider or a model, as far as requests depend on it. It is written in YAML in lower case with
 * hyphens: {@code tokens-field}.
 */
public enum Fact {
    /** The name of the output limit in the Chat format. */
    TOKENS_FIELD(Kind.TEXT),
    /** Where reasoning stands in messages of the Chat format, {@code tags} for the text itself, empty for nowhere. */
    REASONING_FIELD(Kind.TEXT),
    /** {@code required}, {@code allowed} or {@code forbidden}: whether its reasoning may come back. */
    REASONING_ECHO(Kind.TEXT, "required", "allowed", "forbidden"),
    /** Whether messages of the Chat format carry Google's signatures of calls. */
    GOOGLE_SIGNATURES(Kind.YES_OR_NO),
    /** Whether the Chat format's hints of caches are known. */
    PROMPT_CACHE_KEY(Kind.YES_OR_NO),
    /** {@code common}, {@code short} (40 characters) or {@code nine} (letters and digits). */
    IDS(Kind.TEXT, "common", "short", "nine"),
    /** Whether a user's turn may follow a tool's. */
    USER_AFTER_TOOL(Kind.YES_OR_NO),
    /** Whether the role {@code developer} is known. */
    DEVELOPER_ROLE(Kind.YES_OR_NO),
    /** Whether system turns may stand between others. */
    MID_SYSTEM(Kind.YES_OR_NO),
    /** Whether temperature and the like are accepted. */
    SAMPLING(Kind.YES_OR_NO),
    /** {@code none}, {@code effort}, {@code budget}, {@code adaptive} or {@code level}. */
    THINKING(Kind.TEXT, "none", "effort", "budget", "adaptive", "level"),
    /** The words for how much to think that the model knows; the nearest model or provider that names any decides. */
    EFFORTS(Kind.NEARER_NAMES),
    /** The smallest budget to think with, in tokens. */
    LEAST_THINKING(Kind.NUMBER),
    /** The largest budget to think with, in tokens. */
    MOST_THINKING(Kind.NUMBER),
    /** Whether the model can be told not to think. */
    THINKING_OFF(Kind.YES_OR_NO),
    /** Fields that are refused. */
    UNSUPPORTED(Kind.NAMES),
    /** Fields beyond those of its format that are known to be accepted. */
    TAKES(Kind.NAMES),
    /** Schemes of addresses, such as {@code ms} in {@code ms://…}, by which texts of a request name what the provider keeps. */
    KEPT_SCHEMES(Kind.NAMES),
    /**
     * {@code type} where messages of the Chat format turn thinking on and off by {@code thinking.type}, {@code enable_thinking} where
     * they do by a field of that name, {@code none} where they do not.
     */
    THINKING_SWITCH(Kind.TEXT, "none", "type", "enable_thinking"),
    /** Whether the model may think where it is forced to call a tool. */
    THINKS_WHEN_FORCED(Kind.YES_OR_NO),
    /** Whether the model follows a schema by itself. */
    STRUCTURED_OUTPUT(Kind.YES_OR_NO),
    /** Whether Gemini's schemas may be written as JSON Schema. */
    JSON_SCHEMA(Kind.YES_OR_NO),
    /** Whether an answer may have to follow a schema beside functions. */
    SCHEMA_WITH_TOOLS(Kind.YES_OR_NO),
    /** Whether the model can call functions. */
    TOOLS(Kind.YES_OR_NO),
    /** Whether the model takes images. */
    VISION(Kind.YES_OR_NO),
    /** {@code never}, {@code alone} (without functions) or {@code always}: when its search may be asked for. */
    WEB_SEARCH(Kind.TEXT, "never", "alone", "always"),
    /** The output limit where one is required and the client gave none, in tokens. */
    DEFAULT_OUTPUT(Kind.NUMBER),
    /** The highest output limit, in tokens. */
    MAX_OUTPUT(Kind.NUMBER),
    /** How many tokens a conversation may have, its answer included. */
    CONTEXT_WINDOW(Kind.NUMBER),
    /** The price of a million tokens of input, in micro-dollars. */
    INPUT_PRICE(Kind.NUMBER),
    /** The price of a million tokens of output, in micro-dollars. */
    OUTPUT_PRICE(Kind.NUMBER),
    /** The price of a million tokens of input that comes from the provider's prompt cache, in micro-dollars. */
    CACHE_READ_PRICE(Kind.NUMBER),
    /** The price of a million tokens of input that goes into the provider's prompt cache, in micro-dollars. */
    CACHE_WRITE_PRICE(Kind.NUMBER);

    /** How a fact is written. */
    enum Kind {
        TEXT,
        YES_OR_NO,
        NUMBER,
        /** Several, separated by commas or in a list; what is said of the provider and of the model adds up. */
        NAMES,
        /** Several, of which the nearest that says any decides. */
        NEARER_NAMES
    }

    private static final Map<String, Fact> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Fact::written, Function.identity()));

    private final Kind kind;
    private final Set<String> words;
    private final String written = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** @param words the only values that it can have; any if there are none */
    Fact(Kind kind, String... words) {
        this.kind = kind;
        this.words = Set.of(words);
    }

    /**
     * The fact of a name.
     *
     * @throws IllegalArgumentException where there is no such fact
     */
    static Fact ofName(String name) {
        Fact fact = BY_NAME.get(name);
        if (fact == null) {
            throw new IllegalArgumentException(
                    "unknown fact \"" + name + "\" (expected one of: " + new TreeSet<>(BY_NAME.keySet()) + ")");
        }
        return fact;
    }

    /** Its name in YAML. */
    public String written() {
        return written;
    }

    /**
     * A value as it is written, as the type that the fact has: text, a truth value, a whole number or names.
     *
     * @throws IllegalArgumentException where it is none of the fact's values
     */
    Object read(Object value) {
        return switch (kind) {
            case TEXT -> text(value.toString());
            case YES_OR_NO -> yesOrNo(value.toString());
            case NUMBER -> number(value.toString());
            case NAMES, NEARER_NAMES -> names(value);
        };
    }

    /** What holds where both are said, of which one is said of something nearer. */
    @SuppressWarnings("unchecked") // read() makes sets of these
    Object both(Object value, Object nearer) {
        if (kind != Kind.NAMES) {
            return nearer;
        }
        Set<String> both = new LinkedHashSet<>((Set<String>) value);
        both.addAll((Set<String>) nearer);
        return Set.copyOf(both);
    }

    private String text(String value) {
        if (!words.isEmpty() && !words.contains(value)) {
            throw new IllegalArgumentException(
                    written + " is \"" + value + "\" (expected one of: " + new TreeSet<>(words) + ")");
        }
        return value;
    }

    private Boolean yesOrNo(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(written + " is \"" + value + "\" (expected true or false)");
        };
    }

    private Long number(String value) {
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException(written + " is \"" + value + "\" (expected a whole number)", other);
        }
    }

    private static Set<String> names(Object value) {
        Set<String> names = new LinkedHashSet<>();
        if (value instanceof Iterable<?> all) {
            all.forEach(name -> names.add(name.toString()));
        } else {
            names.addAll(List.of(value.toString().strip().split("\\s*,\\s*")));
        }
        names.remove("");
        return Set.copyOf(names);
    }
}
