package io.omniroute.translators.format.gemini;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.ErrorCodec;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Google's error shape, {@code {"error":{"code","message","status"}}}. */
final class GeminiErrors implements ErrorCodec {

    @Override
    public byte[] render(ApiError error) {
        return Json.bytes(tree(error));
    }

    @Override
    public byte[] renderInStream(ApiError error) {
        return ("data: " + Json.text(tree(error)) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Google writes such an error as it is, without an event around it. Its clients for Node and Go know it by that, and take an event for
     * an answer without candidates; its client for Python and others that read events know it by the event.
     */
    @Override
    public List<byte[]> apart(byte[] event, ApiError error) {
        return List.of(event, render(error));
    }

    @Override
    public ApiError decode(int status, UnaryOperator<@Nullable String> headers, byte[] body, Instant now) {
        return UpstreamErrors.decode(status, headers, body, now);
    }

    private static ObjectNode tree(ApiError error) {
        ObjectNode tree = Json.object();
        tree.putObject("error")
                .put("code", error.kind().status())
                .put("message", error.message())
                .put("status", status(error.kind()));
        return tree;
    }

    private static String status(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST,
                    CONTEXT_TOO_LONG,
                    CONTENT_POLICY,
                    METHOD_NOT_ALLOWED,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    UPGRADE_REQUIRED,
                    UNPROCESSABLE -> "INVALID_ARGUMENT";
            case UNAUTHENTICATED -> "UNAUTHENTICATED";
            case PERMISSION_DENIED -> "PERMISSION_DENIED";
            case NOT_FOUND -> "NOT_FOUND";
            case REQUEST_TIMEOUT -> "DEADLINE_EXCEEDED";
            case CONFLICT -> "ABORTED";
            case RATE_LIMITED, BUDGET_EXCEEDED -> "RESOURCE_EXHAUSTED";
            case OVERLOADED -> "UNAVAILABLE";
            case TIMEOUT -> "DEADLINE_EXCEEDED";
            case UPSTREAM_ERROR, UPSTREAM_AUTH, UPSTREAM_QUOTA, INTERNAL -> "INTERNAL";
        };
    }
}
