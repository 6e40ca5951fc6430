package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * The two names that the Chat format has for the limit of an answer. Programs that do not know a model say the old one, which OpenAI's models
 * that think refuse; others know nothing but that. Nothing else of the body is touched.
 */
public final class OutputLimitName {

    private static final Set<String> NAMES = Set.of("max_tokens", "max_completion_tokens");

    private OutputLimitName() {}

    /**
     * The body with the limit under the name that the model takes; the same one if it is, or has none.
     *
     * @param name the one of the two that the model takes
     */
    public static byte[] fitting(byte[] body, String name, JsonLimits limits) {
        String other = name.equals("max_tokens") ? "max_completion_tokens" : "max_tokens";
        return NAMES.contains(name) && CarrierSearch.find(body, quoted(other))
                ? Splice.apply(body, edits(body, name, other, limits))
                : body;
    }

    /** A name may be written with escapes, too. */
    private static boolean startsWith(byte[] body, int at, byte[] quoted) {
        int end = at + quoted.length;
        return end <= body.length && Arrays.equals(body, at, end, quoted, 0, quoted.length);
    }

    /** The other name becomes this one, and this one, where it says nothing, the other. */
    private static List<Edit> edits(byte[] body, String name, String other, JsonLimits limits) {
        List<Edit> edits = new ArrayList<>();
        boolean needed = false;
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return List.of();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                String read = parser.currentName();
                boolean said = parser.nextToken() != JsonToken.VALUE_NULL;
                if (said && read.equals(name)) {
                    return List.of();
                }
                if (NAMES.contains(read) && startsWith(body, start, quoted(read))) {
                    needed |= said;
                    edits.add(new Edit(
                            new Span(start, start + read.length() + 2), quoted(read.equals(name) ? other : name)));
                }
                parser.skipChildren();
            }
        } catch (JacksonException malformed) {
            return List.of(); // the provider says what is wrong with it
        }
        return needed ? edits : List.of();
    }

    private static byte[] quoted(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }
}
