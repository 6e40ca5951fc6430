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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
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

    private static final List<String> CONTEXT_TEXTS = List.of(
            "maximum context length",
            "prompt is too long",
            "exceeds the maximum number of tokens",
            "exceeds the context window");

    private static final String NO_CREDIT = "the gateway's account at the provider has no credit left";
    private static final Set<ErrorKind> WAITED_FOR =
            EnumSet.of(ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED, ErrorKind.UPSTREAM_QUOTA);
    private static final String DAILY = "daily_quota_exhausted";
    private static final int LOOKED_AT = 4_096;

    private UpstreamErrors() {}

    /** Reads the table of texts, so that no event loop reads a file later. */
    static void prepare() {
        FailureTexts.of(0, "");
    }

    /** What an error answer means; see {@link ErrorCodec#decode}. */
    public static ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        ApiError error = classify(status, read(body));
        return WAITED_FOR.contains(error.kind()) ? error.withRetryAfter(wait(error, headers, body, now)) : error;
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

    /** What an error inside an answer with status 200 means: its code may be a status, else it is a server's failure. */
    public static ApiError inAnswer(VendorError vendor) {
        if (vendor.says("rate_limit_exceeded")
                || vendor.says("rate_limit_error")
                || vendor.says("RESOURCE_EXHAUSTED")) {
            return classify(429, vendor);
        }
        if (vendor.says("overloaded_error") || vendor.says("UNAVAILABLE")) {
            return classify(503, vendor);
        }
        if (vendor.says("invalid_request_error") || vendor.says("invalid_prompt")) {
            return classify(400, vendor);
        }
        return classify(vendor.statusOr(500), vendor);
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
        return FailureTexts.of(status, vendor.message())
                .map(UpstreamErrors::said)
                .orElseGet(() -> byStatus(status, vendor));
    }

    private static ApiError said(FailureTexts.Meaning meaning) {
        String message = switch (meaning.kind()) {
            case RATE_LIMITED -> "the gateway's quota of this model at the provider is used up";
            case UPSTREAM_QUOTA -> NO_CREDIT;
            case UPSTREAM_AUTH ->
                meaning.scope() == ErrorScope.MODEL
                        ? "the gateway's account at the provider may not use this model"
                        : "the gateway's account at the provider is not active";
            case OVERLOADED -> "the model is overloaded";
            default -> "the provider failed";
        };
        ApiError error = ApiError.upstream(meaning.kind(), meaning.scope(), message);
        return meaning.code().isEmpty() ? error : error.withCode(meaning.code());
    }

    /** A 403 that says nothing may be a firewall's, which knows nothing of credentials. */
    private static ApiError refused(int status, VendorError vendor) {
        return status == 403 && vendor.message().isBlank()
                ? ApiError.upstream(
                        ErrorKind.UPSTREAM_AUTH, ErrorScope.MODEL, "the provider refused the call (status 403)")
                : ApiError.upstream(
                        ErrorKind.UPSTREAM_AUTH,
                        ErrorScope.CONNECTION,
                        "the provider refused the gateway's own credential (status " + status + ")");
    }

    private static ApiError byStatus(int status, VendorError vendor) {
        return switch (status) {
            case 400 -> badRequest(vendor);
            case 401, 403 -> refused(status, vendor);
            case 402 -> quota();
            case 404 ->
                ApiError.upstream(
                                ErrorKind.NOT_FOUND, ErrorScope.MODEL, "the provider does not know this model or path")
                        .withCode("model_not_found");
            case 408, 504 ->
                ApiError.upstream(
                        ErrorKind.TIMEOUT, ErrorScope.PROVIDER, "the provider timed out (status " + status + ")");
            case 409 -> request(ErrorKind.CONFLICT, vendor, "the provider reports a conflict");
            case 413 -> request(ErrorKind.TOO_LARGE, vendor, "the provider says that the request is too large");
            case 422 -> request(ErrorKind.UNPROCESSABLE, vendor, "the provider cannot process the request");
            case 429 ->
                vendor.says("insufficient_quota")
                        ? quota()
                        : ApiError.upstream(
                                ErrorKind.RATE_LIMITED, ErrorScope.CONNECTION, "the provider limits the rate of calls");
            case 503, 529 ->
                ApiError.upstream(
                        ErrorKind.OVERLOADED,
                        ErrorScope.PROVIDER,
                        "the provider is overloaded (status " + status + ")");
            default ->
                ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        // what else is the matter with a request says nothing of the provider's health
                        status >= 400 && status < 500 ? ErrorScope.MODEL : ErrorScope.PROVIDER,
                        "the provider failed (status " + status + ")");
        };
    }

    private static ApiError badRequest(VendorError vendor) {
        String lower = vendor.message().toLowerCase(Locale.ROOT);
        if (vendor.says("context_length_exceeded") || CONTEXT_TEXTS.stream().anyMatch(lower::contains)) {
            return request(ErrorKind.CONTEXT_TOO_LONG, vendor, "the request exceeds the model's context window")
                    .withCode("context_length_exceeded");
        }
        if (vendor.says("content_filter") || vendor.says("content_policy_violation")) {
            return request(ErrorKind.CONTENT_POLICY, vendor, "the provider's content policy refuses the request")
                    .withCode("content_policy_violation");
        }
        if (vendor.says("tool_use_failed")) {
            return ApiError.upstream(
                    ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the model wrote a tool call that is not valid");
        }
        return request(ErrorKind.INVALID_REQUEST, vendor, "the provider refuses the request");
    }

    private static ApiError quota() {
        return ApiError.upstream(ErrorKind.UPSTREAM_QUOTA, ErrorScope.CONNECTION, NO_CREDIT);
    }

    private static ApiError request(ErrorKind kind, VendorError vendor, String otherwise) {
        String message = vendor.cleanMessage();
        String code =
                vendor.code().isEmpty() || vendor.code().chars().allMatch(Character::isDigit) ? null : vendor.code();
        return new ApiError(
                kind, code, message.isEmpty() ? otherwise : message, vendor.param(), null, ErrorScope.REQUEST);
    }

    private static VendorError read(byte[] body) {
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
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("error")) {
                return VendorError.read(parser);
            }
            if ((name.equals("message") || name.equals("detail")) && value == JsonToken.VALUE_STRING) {
                plain = parser.getString();
            }
            parser.skipChildren();
        }
        return new VendorError(plain, "", "", null);
    }
}
