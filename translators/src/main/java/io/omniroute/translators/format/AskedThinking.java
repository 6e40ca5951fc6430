package io.omniroute.translators.format;

import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * How a body in the Messages format asks for thoughts. Claude Code asks every model whose name it does not know as the newest ones are asked,
 * and the ones before refuse that; these refuse what was usual before.
 */
public final class AskedThinking {

    private static final byte[] ADAPTIVE = "\"adaptive\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENABLED = "\"enabled\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EFFORT = "\"effort\"".getBytes(StandardCharsets.US_ASCII);

    private AskedThinking() {}

    /** Whether a body leaves it to the model how much it thinks. */
    public static boolean isAdaptive(byte[] body, JsonLimits limits) {
        return CarrierSearch.find(body, ADAPTIVE) && says(body, "thinking", "type", "adaptive", limits);
    }

    /** Whether a body says in tokens how much the model is to think at most. */
    public static boolean isEnabled(byte[] body, JsonLimits limits) {
        return CarrierSearch.find(body, ENABLED) && says(body, "thinking", "type", "enabled", limits);
    }

    /** Whether a body says in a word how much there is to be done. */
    public static boolean isEffort(byte[] body, JsonLimits limits) {
        return CarrierSearch.find(body, EFFORT) && says(body, "output_config", "effort", null, limits);
    }

    /** @param text what must be said, or {@code null} for anything */
    private static boolean says(byte[] body, String field, String member, @Nullable String text, JsonLimits limits) {
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(field);
                if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
                    return hasText(parser, member, text);
                }
                parser.skipChildren();
            }
        } catch (JacksonException malformed) {
            return false; // the provider says what is wrong with it
        }
        return false;
    }

    private static boolean hasText(JsonParser parser, String member, @Nullable String text) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals(member)) {
                return text == null || parser.getString().equals(text);
            }
            parser.skipChildren();
        }
        return false;
    }
}
