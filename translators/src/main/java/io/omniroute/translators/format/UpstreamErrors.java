package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.error.RetryHints;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;

/**
 * What a provider's failure means, by its status and by what it says. Vendors differ in their words and not in their meaning,
 * so one reader serves all formats.
 */
public final class UpstreamErrors {

    private static final Set<ErrorKind> WAITED_FOR =
            EnumSet.of(ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED, ErrorKind.UPSTREAM_QUOTA);
    private static final String DAILY = "daily_quota_exhausted";
    private static final int LOOKED_AT = 4_096;

    private UpstreamErrors() {}

    /** Reads the table of rules, so that no event loop reads a file later. */
    static void prepare() {
        FailureRules.of(0, VendorError.EMPTY);
    }

    /** What an error answer means; see {@link ErrorCodec#decode}. */
    public static ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        ApiError error = classify(status, read(body));
        if (WAITED_FOR.contains(error.kind())) {
            return error.withRetryAfter(wait(error, headers, body, now));
        }
        // whoever fails as a whole may say when it will be back; the ends of its limits have nothing to do with it
        return error.scope() == ErrorScope.PROVIDER ? error.withRetryAfter(RetryHints.asked(headers, now)) : error;
    }

    /** How long the provider wants to be left alone: by its headers, its words, or until a day's quota is there again. */
    private static @Nullable Duration wait(
            ApiError error, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        Duration asked = RetryHints.asked(headers, now);
        String words = new String(body, 0, Math.min(body.length, LOOKED_AT), StandardCharsets.UTF_8);
        if (DAILY.equals(error.code())) {
            // the ends of limits in headers are those of minutes
            Duration said = asked == null ? RetryHints.inWords(words, now) : asked;
            return said == null
                    ? Duration.between(now, now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS))
                    : said;
        }
        Duration ends = asked == null ? RetryHints.ends(headers, now) : asked;
        return ends == null ? RetryHints.inWords(words, now) : ends;
    }

    /** A model that ends with a tool call which nobody can read, and has said nothing beside it. */
    public static ApiError malformedCall() {
        return ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the model wrote a tool call that is not valid")
                .withCode("upstream_malformed_tool_call");
    }

    /** What an error inside an answer with status 200 means: its code may be a status, else it is a server's failure. */
    public static ApiError inAnswer(VendorError vendor) {
        ApiError error = classify(FailureRules.statusOf(vendor), vendor);
        return WAITED_FOR.contains(error.kind())
                ? error.withRetryAfter(
                        wait(error, header -> null, vendor.message().getBytes(StandardCharsets.UTF_8), Instant.now()))
                : error;
    }

    /** What an error object, or an object around one, inside an answer means. */
    public static ApiError inAnswer(JsonNode answer) {
        return inAnswer(read(Json.bytes(answer)));
    }

    /** What an event named {@code error} means; the parser stands on the start of its object. */
    public static ApiError inEvent(JsonParser parser) {
        return inAnswer(readObject(parser));
    }

    private static ApiError classify(int status, VendorError vendor) {
        FailureRules.Rule rule = FailureRules.of(status, vendor);
        if (rule.scope() == ErrorScope.REQUEST) {
            return request(rule, status, vendor);
        }
        ApiError error = ApiError.upstream(rule.kind(), rule.scope(), rule.told(status));
        return rule.code().isEmpty() ? error : error.withCode(rule.code());
    }

    /** What the provider says of a request is for whoever has written it. */
    private static ApiError request(FailureRules.Rule rule, int status, VendorError vendor) {
        String message = vendor.cleanMessage();
        String said =
                vendor.code().isEmpty() || vendor.code().chars().allMatch(Character::isDigit) ? null : vendor.code();
        return new ApiError(
                rule.kind(),
                rule.code().isEmpty() ? said : rule.code(),
                message.isEmpty() ? rule.told(status) : message,
                vendor.param(),
                null,
                ErrorScope.REQUEST);
    }

    /** An error body as its provider wrote it; empty if it is none. */
    static VendorError read(byte[] body) {
        try (JsonParser parser = JsonLimits.DEFAULT.factory().createParser(ObjectReadContext.empty(), body)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                // Gemini's stream without SSE wraps its errors
                first = parser.nextToken();
            }
            return first == JsonToken.START_OBJECT ? readObject(parser) : VendorError.EMPTY;
        } catch (JacksonException notJson) {
            return VendorError.EMPTY;
        }
    }

    private static VendorError readObject(JsonParser parser) {
        String plain = "";
        String type = "";
        String code = "";
        String param = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("error")) {
                return VendorError.read(parser);
            }
            if (name.equals("detail") && value == JsonToken.START_ARRAY) {
                return detail(parser);
            }
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                switch (name) {
                    case "message", "detail" -> plain = parser.getString();
                    case "type" -> type = parser.getString();
                    case "code" -> code = parser.getString();
                    case "param" -> param = parser.getString();
                    default -> {
                        // other members are the vendor's own
                    }
                }
            }
            parser.skipChildren();
        }
        return new VendorError(plain, type, code, param);
    }

    /** What validating servers say of fields: {@code [{"loc": ["body", "temperature"], "msg": "..."}]}; the first counts. */
    private static VendorError detail(JsonParser parser) {
        JsonNode first = Json.read(parser).path(0);
        String field = first.path("loc")
                .valueStream()
                .map(step -> step.asString(""))
                .filter(step -> !step.equals("body"))
                .collect(Collectors.joining("."));
        String said = first.path("msg").asString("");
        String message = field.isEmpty() ? said : field + ": " + said;
        return new VendorError(message, "", "", field.isEmpty() ? null : field);
    }
}
