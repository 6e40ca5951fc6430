package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's error shape, {@code {"type":"error","error":{"type","message"}}}. */
final class AnthropicErrors implements ErrorCodec {

    /** Clients go on without threads when they read this. */
    static final String NO_THREADS = "thread_unsupported_request";

    private static final int OVERLOADED = 529;
    private static final String TOO_LONG = "prompt is too long";

    @Override
    public byte[] render(ApiError error) {
        return Json.bytes(tree(error));
    }

    @Override
    public byte[] render(ApiError error, String requestId) {
        return Json.bytes(tree(error).put("request_id", requestId));
    }

    @Override
    public byte[] renderInStream(ApiError error) {
        return ("event: error\ndata: " + Json.text(tree(error)) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int status(ApiError error) {
        return error.kind() == ErrorKind.OVERLOADED ? OVERLOADED : error.kind().status();
    }

    @Override
    public ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        return UpstreamErrors.decode(status, headers, body, now);
    }

    private static ObjectNode tree(ApiError error) {
        String param = error.param();
        String message =
                param == null || error.message().contains(param) ? error.message() : param + ": " + error.message();
        ObjectNode tree = Json.object();
        tree.put("type", "error");
        ObjectNode told =
                tree.putObject("error").put("type", type(error.kind())).put("message", words(error.kind(), message));
        if (NO_THREADS.equals(error.code())) {
            told.putObject("details")
                    .put("error_code", NO_THREADS)
                    .putArray("unsupported")
                    .add("thread");
        }
        return tree;
    }

    /** Clients make their conversation shorter when they read these words. */
    private static String words(ErrorKind kind, String message) {
        return kind != ErrorKind.CONTEXT_TOO_LONG || message.contains(TOO_LONG) ? message : TOO_LONG + ": " + message;
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST,
                    CONTEXT_TOO_LONG,
                    CONTENT_POLICY,
                    METHOD_NOT_ALLOWED,
                    UNSUPPORTED_MEDIA_TYPE,
                    UPGRADE_REQUIRED,
                    UNPROCESSABLE -> "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case REQUEST_TIMEOUT -> "timeout_error";
            case CONFLICT -> "conflict_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMITED -> "rate_limit_error";
            case BUDGET_EXCEEDED -> "billing_error";
            case OVERLOADED -> "overloaded_error";
            case TIMEOUT -> "timeout_error";
            case UPSTREAM_ERROR, UPSTREAM_AUTH, UPSTREAM_QUOTA, INTERNAL -> "api_error";
        };
    }
}
