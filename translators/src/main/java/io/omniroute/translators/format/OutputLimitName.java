package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
        byte[] quoted = ('"' + other + '"').getBytes(StandardCharsets.US_ASCII);
        if (!NAMES.contains(name) || !CarrierSearch.find(body, quoted)) {
            return body;
        }
        Span at = place(body, name, other, limits);
        return at == null
                ? body
                : Splice.apply(body, List.of(new Edit(at, ('"' + name + '"').getBytes(StandardCharsets.US_ASCII))));
    }

    /** Where the other name stands; {@code null} if it does not, or both do. */
    private static @Nullable Span place(byte[] body, String name, String other, JsonLimits limits) {
        Span found = null;
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (parser.currentName().equals(name)) {
                    return null;
                }
                if (parser.currentName().equals(other) && body[start] == '"') {
                    found = new Span(start, start + other.length() + 2);
                }
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (JacksonException malformed) {
            return null; // the provider says what is wrong with it
        }
        return found;
    }
}
