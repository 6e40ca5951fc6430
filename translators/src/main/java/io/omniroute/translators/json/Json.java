package io.omniroute.translators.json;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON trees for bodies that go from one format to another. Numbers keep their digits: none goes through a double. Names keep
 * their order, so that the same request always gives the same bytes.
 */
public final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = mapper(JsonLimits.DEFAULT.factory());

    /** For texts, which may be as large as a request and take many times their length when they are read. */
    private static final JsonMapper BOUNDED = mapper(JsonLimits.DEFAULT.requests());

    private static final int LONGEST_REFERENCE = 2_000;
    private static final int MOST_STEPS = 128;

    /** For values that more follows. */
    private static final ObjectReader INSIDE = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** For bodies in which a field that comes twice could mean one thing here and another at a provider. */
    private static final ObjectReader STRICT =
            MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}

    private static JsonMapper mapper(JsonFactory factory) {
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /**
     * Reads a client's body.
     *
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if it is not one JSON object
     */
    public static ObjectNode requestObject(byte[] body) {
        try {
            if (STRICT.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (StreamConstraintsException tooMuch) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body's JSON is nested too deep")
                    .exception();
        } catch (JacksonException malformed) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body is not valid JSON")
                    .exception();
        } catch (NumberFormatException tooBig) {
            throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body has a number that is too large")
                    .exception();
        }
        throw ApiError.of(ErrorKind.INVALID_REQUEST, "the body must be a JSON object")
                .exception();
    }

    /** Reads any JSON; fails with {@link JacksonException}. */
    public static JsonNode read(byte[] data, int start, int length) {
        try {
            return MAPPER.readTree(data, start, length);
        } catch (NumberFormatException tooBig) {
            throw new StreamConstraintsException("a number is too large");
        }
    }

    /** Reads JSON that stands in a text, which nobody has looked through yet; fails with {@link JacksonException}, also where it has too many parts. */
    public static JsonNode inText(String text) {
        try {
            return BOUNDED.readTree(text);
        } catch (NumberFormatException tooBig) {
            throw new StreamConstraintsException("a number is too large");
        }
    }

    /** What a reference within a document is to; a missing node where it is none, or longer than any that somebody writes. */
    public static JsonNode at(JsonNode root, String reference) {
        boolean plain = reference.length() <= LONGEST_REFERENCE
                && reference.chars().filter(character -> character == '/').count() <= MOST_STEPS;
        return plain ? root.at(reference.substring(1)) : MissingNode.getInstance();
    }

    /** Reads any JSON; fails with {@link JacksonException}. */
    public static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (NumberFormatException tooBig) {
            throw new StreamConstraintsException("a number is too large");
        }
    }

    /** Reads the value that the parser stands on, to its end. */
    public static JsonNode read(JsonParser parser) {
        return INSIDE.readTree(parser);
    }

    /** The tree as it is sent, without white space. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** The tree as it is sent, without white space, in UTF-8. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JacksonException halfCharacter) {
            return text(node).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** An empty object. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** An object with these fields. */
    public static ObjectNode object(Map<String, JsonNode> fields) {
        ObjectNode object = NODES.objectNode();
        fields.forEach(object::set);
        return object;
    }

    /** An empty array. */
    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** JSON's null. */
    public static JsonNode nothing() {
        return NODES.nullNode();
    }

    /** A string. */
    public static JsonNode string(String text) {
        return NODES.stringNode(text);
    }
}
