package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.Loss;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;

/**
 * Takes out of a body how much its model is to think, where the model refuses to be told. Nothing else of the body is touched, and a
 * field without a value stays: it says nothing, and is taken.
 */
public final class UnaskedThinking {

    /** What says in one of the objects whether the model is to think. */
    private static final Set<String> WORDS = Set.of("type", "enabled", "effort", "max_tokens", "budget_tokens");

    /** The list of what an answer of Responses is to have beside the usual, and the thoughts in it, which no model has that has none. */
    private static final String INCLUDE = "include";

    private static final String SEALED = "reasoning.encrypted_content";

    private UnaskedThinking() {}

    /**
     * The body without these fields; the same one if it has none of them.
     *
     * @param fields what the body's format has for it
     * @param losses takes those that ask for thoughts; nothing is lost of one that asks for none
     */
    public static byte[] of(byte[] body, Set<String> fields, JsonLimits limits, Losses losses) {
        byte[][] quoted = Stream.concat(fields.stream(), Stream.of(SEALED))
                .map(name -> ('"' + name + '"').getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
        return CarrierSearch.find(body, quoted) ? without(body, fields, limits, losses) : body;
    }

    private static byte[] without(byte[] body, Set<String> fields, JsonLimits limits, Losses losses) {
        List<Span> members = new ArrayList<>();
        BitSet gone = new BitSet();
        List<String> lost = new ArrayList<>();
        List<Edit> inside = new ArrayList<>();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return body;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                String name = parser.currentName();
                boolean said = parser.nextToken() != JsonToken.VALUE_NULL;
                int value = (int) parser.currentTokenLocation().getByteOffset();
                if (name.equals(INCLUDE)) {
                    inside.addAll(withoutSealed(parser));
                } else {
                    parser.skipChildren();
                    parser.finishToken();
                }
                int end = (int) parser.currentLocation().getByteOffset();
                if (said && fields.contains(name)) {
                    gone.set(members.size());
                    if (!isOff(Json.read(body, value, end - value))) {
                        lost.add(name);
                    }
                }
                members.add(new Span(start, end));
            }
        } catch (JacksonException malformed) {
            return body; // the provider says what is wrong with it
        }
        lost.forEach(name -> losses.add(Loss.Code.THINKING_DROPPED, name));
        inside.addAll(Splice.leaveOut(members, gone::get));
        return Splice.apply(body, inside);
    }

    /** Reads the value that the parser stands on to its end. */
    private static List<Edit> withoutSealed(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            parser.finishToken();
            return List.of();
        }
        List<Span> row = new ArrayList<>();
        BitSet sealed = new BitSet();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            sealed.set(
                    row.size(),
                    parser.currentToken() == JsonToken.VALUE_STRING
                            && parser.getString().equals(SEALED));
            parser.skipChildren();
            parser.finishToken();
            row.add(new Span(start, (int) parser.currentLocation().getByteOffset()));
        }
        return Splice.leaveOut(row, sealed::get);
    }

    private static boolean isOff(JsonNode value) {
        return value.isObject()
                ? value.properties().stream()
                        .anyMatch(member -> WORDS.contains(member.getKey()) && saysNo(member.getValue()))
                : saysNo(value);
    }

    private static boolean saysNo(JsonNode value) {
        String word = value.asString("");
        return value.isBoolean()
                ? !value.booleanValue()
                : word.equals("none") || word.equals("disabled") || (value.isIntegralNumber() && value.asLong() == 0);
    }
}
