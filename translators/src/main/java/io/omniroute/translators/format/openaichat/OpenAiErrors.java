package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.error.RetryHints;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.json.JsonLimits;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/** OpenAI's error shape, {@code {"error":{"message","type","param","code"}}}, with OmniRoute's types and codes. */
final class OpenAiErrors implements ErrorCodec {

    private static final List<String> CONTEXT_TEXTS = List.of(
            "maximum context length",
            "prompt is too long",
            "exceeds the maximum number of tokens",
            "exceeds the context window");

    @Override
    public byte[] render(ApiError error) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonLimits.DEFAULT.factory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("error");
            json.writeStringProperty("message", error.message());
            json.writeStringProperty("type", type(error.kind()));
            json.writeName("param");
            writeNullable(json, error.param());
            String code = error.code();
            json.writeStringProperty("code", code == null ? code(error.kind()) : code);
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] renderInStream(ApiError error) {
        return ("data: " + new String(render(error), StandardCharsets.UTF_8) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        ApiError error = classify(status, read(body));
        return error.kind() == ErrorKind.RATE_LIMITED || error.kind() == ErrorKind.OVERLOADED
                ? error.withRetryAfter(RetryHints.retryAfter(headers, now))
                : error;
    }

    /** What an error inside an answer with status 200 means: its code may be a status, else it is a server's failure. */
    static ApiError inAnswer(VendorError vendor) {
        if (vendor.says("rate_limit_exceeded") || vendor.says("rate_limit_error")) {
            return classify(429, vendor);
        }
        if (vendor.says("invalid_request_error")) {
            return classify(400, vendor);
        }
        return classify(vendor.statusOr(500), vendor);
    }

    /** What an event named {@code error} means; the parser stands on the start of its object. */
    static ApiError inEvent(JsonParser parser) {
        return inAnswer(readObject(parser));
    }

    private static ApiError classify(int status, VendorError vendor) {
        return switch (status) {
            case 400 -> badRequest(vendor);
            case 401, 403 ->
                ApiError.upstream(
                        ErrorKind.UPSTREAM_AUTH,
                        ErrorScope.CONNECTION,
                        "the provider refused the gateway's own credential (status " + status + ")");
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
                        ErrorKind.UPSTREAM_ERROR, ErrorScope.PROVIDER, "the provider failed (status " + status + ")");
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
        return ApiError.upstream(
                ErrorKind.UPSTREAM_QUOTA,
                ErrorScope.CONNECTION,
                "the gateway's account at the provider has no credit left");
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
            return parser.nextToken() == JsonToken.START_OBJECT ? readObject(parser) : VendorError.EMPTY;
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

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST,
                    CONTEXT_TOO_LONG,
                    CONTENT_POLICY,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    UNPROCESSABLE -> "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case RATE_LIMITED, BUDGET_EXCEEDED -> "rate_limit_error";
            case UPSTREAM_ERROR, UPSTREAM_AUTH, UPSTREAM_QUOTA, OVERLOADED, TIMEOUT, INTERNAL -> "server_error";
        };
    }

    private static String code(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> "bad_request";
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case CONTENT_POLICY -> "content_policy_violation";
            case UNAUTHENTICATED -> "invalid_api_key";
            case PERMISSION_DENIED -> "insufficient_quota";
            case NOT_FOUND -> "model_not_found";
            case METHOD_NOT_ALLOWED -> "method_not_allowed";
            case CONFLICT -> "conflict";
            case TOO_LARGE -> "payload_too_large";
            case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
            case UNPROCESSABLE -> "unprocessable";
            case RATE_LIMITED -> "rate_limit_exceeded";
            case BUDGET_EXCEEDED -> "budget_exceeded";
            case UPSTREAM_ERROR -> "bad_gateway";
            case UPSTREAM_AUTH -> "upstream_auth_failed";
            case UPSTREAM_QUOTA -> "upstream_quota_exhausted";
            case OVERLOADED -> "service_unavailable";
            case TIMEOUT -> "gateway_timeout";
            case INTERNAL -> "internal_server_error";
        };
    }

    private static void writeNullable(JsonGenerator json, @Nullable String value) {
        if (value == null) {
            json.writeNull();
        } else {
            json.writeString(value);
        }
    }
}
