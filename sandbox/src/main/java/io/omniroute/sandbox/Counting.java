package io.omniroute.sandbox;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to count tokens, which must be one that could be answered.
 *
 * @param conversation what would be answered, in its format; {@code null} if it cannot be read
 */
record Counting(Dialect dialect, String model, @Nullable JsonNode conversation) {

    static final String MESSAGES = "/v1/messages/count_tokens";
    static final String RESPONSES = "/v1/responses/input_tokens";
    static final String GEMINI = ":countTokens";

    private static final String WHOLE = "generateContentRequest";

    static Counting of(String path, @Nullable JsonNode body) {
        if (path.equals(MESSAGES)) {
            Dialect dialect = Objects.requireNonNull(Dialects.of("/v1/messages"));
            // the limit of an answer is none of a count's fields
            JsonNode conversation = body instanceof ObjectNode object && !object.has("max_tokens")
                    ? object.deepCopy().put("max_tokens", 1_000_000)
                    : null;
            return new Counting(dialect, body == null ? "" : body.path("model").asString(""), conversation);
        }
        if (path.equals(RESPONSES)) {
            Dialect dialect = Objects.requireNonNull(Dialects.of("/v1/responses"));
            // nothing is answered, and so nothing kept or streamed
            JsonNode conversation =
                    body instanceof ObjectNode object && !object.has("store") && !object.has("stream") ? object : null;
            return new Counting(dialect, body == null ? "" : body.path("model").asString(""), conversation);
        }
        String answered = path.replace(GEMINI, ":generateContent");
        Dialect dialect = Objects.requireNonNull(Dialects.of(answered));
        return new Counting(dialect, Dialects.model(answered, body), body == null ? null : whole(body));
    }

    private static JsonNode whole(JsonNode body) {
        if (body.path(WHOLE) instanceof ObjectNode wrapped) {
            ObjectNode plain = wrapped.deepCopy();
            plain.remove("model");
            return plain;
        }
        return body.isObject() ? body : JsonNodeFactory.instance.objectNode();
    }

    /** Refuses what could not be answered. */
    void check() {
        JsonNode known = conversation;
        if (known == null) {
            throw new Refusal(VendorError.invalid(null, "We could not parse the JSON body of your request."));
        }
        dialect.check(known, model);
    }

    /** The count, in the format's own words. */
    String answer(long tokens) {
        if (dialect == Dialects.of("/v1/responses")) {
            return "{\"object\":\"response.input_tokens\",\"input_tokens\":" + tokens + "}";
        }
        return dialect == Dialects.of("/v1/messages")
                ? "{\"input_tokens\":" + tokens + "}"
                : "{\"totalTokens\":" + tokens + "}";
    }
}
