package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Ids of tool calls in a request of one of OpenAI's formats that goes to a provider of the same format: those that it refuses, because
 * another one has made them, are replaced where they stand, and every other byte stays as it came.
 */
public final class CallIds {

    private static final Set<String> CONVERSATIONS = Set.of("messages", "input");
    private static final Set<String> IDS = Set.of("tool_call_id", "call_id");

    private CallIds() {}

    /** The body with ids that the rule accepts; the same one if it has no others. */
    public static byte[] accepted(byte[] body, IdRule rule, JsonLimits limits) {
        List<Edit> edits = new ArrayList<>();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return body;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean conversation = CONVERSATIONS.contains(parser.currentName());
                if (parser.nextToken() == JsonToken.START_ARRAY && conversation) {
                    conversation(parser, rule, edits);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException malformed) {
            return body; // the provider says what is wrong with it
        }
        return edits.isEmpty() ? body : Splice.apply(body, edits);
    }

    private static void conversation(JsonParser parser, IdRule rule, List<Edit> edits) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (IDS.contains(name)) {
                    id(parser, rule, edits);
                } else if (name.equals("tool_calls") && value == JsonToken.START_ARRAY) {
                    calls(parser, rule, edits);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private static void calls(JsonParser parser, IdRule rule, List<Edit> edits) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean id = parser.currentName().equals("id");
                parser.nextToken();
                if (id) {
                    id(parser, rule, edits);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private static void id(JsonParser parser, IdRule rule, List<Edit> edits) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        String id = parser.getString();
        String told = rule.apply(id);
        if (!told.equals(id)) {
            Span span = new Span(start, (int) parser.currentLocation().getByteOffset());
            edits.add(new Edit(span, ('"' + told + '"').getBytes(StandardCharsets.UTF_8)));
        }
    }
}
