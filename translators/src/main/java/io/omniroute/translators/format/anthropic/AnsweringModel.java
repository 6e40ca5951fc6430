package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Where a message, or the event that begins one, says which model has answered. */
final class AnsweringModel {

    private static final Span NOWHERE = new Span(0, 0);

    private AnsweringModel() {}

    /** The same with another model's name; the same array if there is none, or it is that one. */
    static byte[] named(byte[] answer, String asked) {
        try (JsonParser parser = JsonLimits.DEFAULT.factory().createParser(ObjectReadContext.empty(), answer)) {
            Span at = parser.nextToken() == JsonToken.START_OBJECT ? find(parser, asked, true) : NOWHERE;
            return at.isEmpty() ? answer : Splice.apply(answer, List.of(new Edit(at, Splice.quoted(asked))));
        } catch (JacksonException malformed) {
            return answer;
        }
    }

    private static Span find(JsonParser parser, String asked, boolean outer) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("model") && value == JsonToken.VALUE_STRING) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                boolean same = parser.getString().equals(asked);
                return same
                        ? NOWHERE
                        : new Span(start, (int) parser.currentLocation().getByteOffset());
            }
            if (outer && name.equals("message") && value == JsonToken.START_OBJECT) {
                return find(parser, asked, false);
            }
            parser.skipChildren();
        }
        return NOWHERE;
    }
}
