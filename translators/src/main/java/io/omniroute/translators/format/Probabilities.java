package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.TokenProbability;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How likely tokens were, as both of OpenAI's formats write it.
 *
 * @param content the text's tokens
 * @param refusal the tokens of what was said instead
 */
public record Probabilities(List<TokenProbability> content, List<TokenProbability> refusal) {

    /** Reads a choice's {@code logprobs}; the parser stands on its start. */
    public static Probabilities read(JsonParser parser) {
        List<TokenProbability> content = List.of();
        List<TokenProbability> refusal = List.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("content")) {
                content = tokens(Json.read(parser));
            } else if (name.equals("refusal")) {
                refusal = tokens(Json.read(parser));
            } else {
                parser.skipChildren();
            }
        }
        return new Probabilities(content, refusal);
    }

    /** Reads a list of tokens. */
    public static List<TokenProbability> tokens(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return List.of();
        }
        List<TokenProbability> tokens = new ArrayList<>(list.size());
        for (JsonNode token : list) {
            JsonNode bytes = token.path("bytes");
            tokens.add(new TokenProbability(
                    token.path("token").asString(""),
                    token.path("logprob"),
                    bytes.isArray() ? bytes : null,
                    tokens(token.path("top_logprobs"))));
        }
        return tokens;
    }

    /** Writes a list of tokens. */
    public static ArrayNode written(List<TokenProbability> tokens) {
        ArrayNode list = Json.array();
        for (TokenProbability token : tokens) {
            list.add(entry(token).set("top_logprobs", alternatives(token)));
        }
        return list;
    }

    private static ArrayNode alternatives(TokenProbability token) {
        ArrayNode list = Json.array();
        token.alternatives().forEach(other -> list.add(entry(other)));
        return list;
    }

    private static ObjectNode entry(TokenProbability token) {
        ObjectNode entry = Json.object().put("token", token.token());
        entry.set("logprob", token.logprob());
        JsonNode bytes = token.bytes();
        byte[] utf8 = bytes == null ? token.utf8() : null;
        if (bytes != null) {
            entry.set("bytes", bytes);
        } else if (utf8 == null) {
            entry.putNull("bytes");
        } else {
            ArrayNode array = entry.putArray("bytes");
            for (byte octet : utf8) {
                array.add(octet & 0xff);
            }
        }
        return entry;
    }
}
