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
 * Thoughts in the history of a body in the Chat format that goes on to another vendor of the same format. Clients send back what an answer
 * had; some vendors refuse the fields of others, some demand their own beside every call. Nothing else of the body is touched.
 */
public final class HistoryThoughts {

    private static final Set<String> FIELDS = Set.of("reasoning_content", "reasoning", "reasoning_details");
    private static final byte[] BEGINNING = "\"reasoning".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CALLS = "\"tool_calls".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_WORDS = "\"\"".getBytes(StandardCharsets.US_ASCII);

    /** @param value where its value begins */
    private record Member(String name, int start, int value, int end, boolean text) {}

    private HistoryThoughts() {}

    /**
     * The body as the provider takes it; the same one if it does.
     *
     * @param field where the provider has its thoughts; empty for nowhere
     */
    public static byte[] fitting(byte[] body, TargetProfile.Echo echo, String field, JsonLimits limits) {
        return switch (echo) {
            case ALLOWED -> body;
            case FORBIDDEN -> CarrierSearch.find(body, BEGINNING) ? edited(body, "", limits) : body;
            case REQUIRED ->
                FIELDS.contains(field) && CarrierSearch.find(body, CALLS) ? edited(body, field, limits) : body;
        };
    }

    /** @param wanted the field that every turn with calls must have; empty for none, and then they may have none of all */
    private static byte[] edited(byte[] body, String wanted, JsonLimits limits) {
        List<Edit> edits = new ArrayList<>();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return body;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean conversation = parser.currentName().equals("messages");
                if (parser.nextToken() == JsonToken.START_ARRAY && conversation) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        message(body, parser, wanted, edits);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException malformed) {
            return body; // the provider says what is wrong with it
        }
        return edits.isEmpty() ? body : Splice.apply(body, edits);
    }

    private static void message(byte[] body, JsonParser parser, String wanted, List<Edit> edits) {
        int start = offset(parser);
        List<Member> members = new ArrayList<>();
        boolean assistant = false;
        boolean calls = false;
        int end = start;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            assistant |= name.equals("role")
                    && value == JsonToken.VALUE_STRING
                    && parser.getString().equals("assistant");
            calls |= name.equals("tool_calls") && value == JsonToken.START_ARRAY;
            int valueAt = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int next = end;
            while (body[next] != '"') {
                next++;
            }
            end = offset(parser);
            members.add(new Member(name, next, valueAt, end, value == JsonToken.VALUE_STRING));
        }
        if (!assistant) {
            return;
        }
        if (wanted.isEmpty()) {
            List<Span> row = members.stream()
                    .map(member -> new Span(member.start(), member.end()))
                    .toList();
            edits.addAll(
                    Splice.leaveOut(row, i -> FIELDS.contains(members.get(i).name())));
        } else if (calls) {
            demand(members, wanted, start, edits);
        }
    }

    private static void demand(List<Member> members, String wanted, int start, List<Edit> edits) {
        for (Member member : members) {
            if (member.name().equals(wanted)) {
                if (!member.text()) {
                    edits.add(new Edit(new Span(member.value(), member.end()), NO_WORDS));
                }
                return;
            }
        }
        byte[] said = ('"' + wanted + "\":\"\",").getBytes(StandardCharsets.US_ASCII);
        edits.add(new Edit(new Span(start, start), said));
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }
}
