package io.omniroute.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How those who serve the models of others spell their names: with the vendor's name before it, a version of their own behind it, or other
 * signs in between. What is known of a model is known by its vendor's own name.
 */
final class ModelSpellings {

    /** Longer names are nobody's; they are left as they are. */
    private static final int LONGEST = 256;

    /** @param name what stands there in the vendor's words, with groups of the pattern as {@code $1} */
    private record Spelling(Pattern spelled, String name) {}

    private final List<Spelling> spellings;

    /**
     * As a file writes them.
     *
     * @param written each with {@code spelling}, which is looked for in the whole name, and {@code name}
     */
    ModelSpellings(List<Map<String, Object>> written) {
        spellings = written.stream()
                .map(one -> new Spelling(Pattern.compile(text("spelling", one)), text("name", one)))
                .toList();
    }

    /** The vendor's own name of a model, in lower case: all spellings are read one after another, in their order. */
    String read(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST) {
            return name;
        }
        for (Spelling spelling : spellings) {
            name = spelling.spelled().matcher(name).replaceFirst(spelling.name());
        }
        return name;
    }

    private static String text(String field, Map<String, Object> written) {
        if (written.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("a spelling has no text for '" + field + "': " + written);
    }
}
