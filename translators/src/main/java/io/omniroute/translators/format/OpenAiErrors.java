package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.json.JsonLimits;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** OpenAI's error shape, {@code {"error":{"message","type","param","code"}}}, with OmniRoute's types and codes. */
public final class OpenAiErrors implements ErrorCodec {

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
        return UpstreamErrors.decode(status, headers, body, now);
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST,
                    CONTEXT_TOO_LONG,
                    CONTENT_POLICY,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    UPGRADE_REQUIRED,
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
            case REQUEST_TIMEOUT -> "request_timeout";
            case CONFLICT -> "conflict";
            case TOO_LARGE -> "payload_too_large";
            case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
            case UNPROCESSABLE -> "unprocessable";
            case UPGRADE_REQUIRED -> "upgrade_required";
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
