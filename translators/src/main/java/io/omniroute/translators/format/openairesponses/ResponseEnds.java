package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Says of responses how they have ended. */
final class ResponseEnds {

    private ResponseEnds() {}

    /** The status of a response that has ended for a reason. */
    static String status(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTEXT_FULL, CONTENT_FILTER -> "incomplete";
            case TOOL_ERROR -> "failed";
            case STOP, STOP_SEQUENCE, TOOL, REFUSAL, PAUSE, OTHER -> "completed";
        };
    }

    /** The status of the last item of such a response, which is not whole if the response is not. */
    static String statusOfLast(FinishReason reason) {
        return status(reason).equals("incomplete") ? "incomplete" : "completed";
    }

    /** Says of an answer that has not ended well what has happened to it. */
    static void ended(ObjectNode response, FinishReason reason) {
        if (reason == FinishReason.TOOL_ERROR) {
            response.putObject("error")
                    .put("code", "server_error")
                    .put("message", "the model wrote a tool call that is not valid");
        }
        incomplete(response, reason);
    }

    private static void incomplete(ObjectNode response, FinishReason reason) {
        if (status(reason).equals("incomplete")) {
            response.putObject("incomplete_details")
                    .put("reason", reason == FinishReason.CONTENT_FILTER ? "content_filter" : "max_output_tokens");
        }
    }

    /** Makes a response a failed one. */
    static void failed(ObjectNode response, ApiError error) {
        String code = error.code();
        response.put("status", "failed");
        response.putObject("error")
                .put("code", code == null ? codeOf(error) : code.toLowerCase(Locale.ROOT))
                .put("message", error.message());
    }

    /** The last event of a response that somebody else has begun to write. */
    static byte[] failedStream(ApiError error, String id, String model, int events) {
        long now = System.currentTimeMillis() / 1_000;
        ChatRequest unknown = new ChatRequest.Builder(model).build();
        ObjectNode response = new ResponseWriter(new AnswerContext(unknown, id, model, now, true, 0, CarrierSeal.NONE))
                .response(model, "failed", Json.array());
        response.put("id", id);
        failed(response, error);
        ObjectNode first = Json.object().put("type", "error").put("sequence_number", events);
        first.setAll(told(error));
        ObjectNode last = Json.object().put("type", "response.failed").put("sequence_number", events + 1);
        last.set("response", response);
        return ("event: error\ndata: " + Json.text(first) + "\n\nevent: response.failed\ndata: " + Json.text(last)
                        + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What stands in the event that comes before the last one, for clients that hear of a failure in no other: as OpenAI documents it, and as
     * it sends it.
     */
    static ObjectNode told(ApiError error) {
        String code = error.code() == null ? codeOf(error) : error.code().toLowerCase(Locale.ROOT);
        ObjectNode told =
                Json.object().put("code", code).put("message", error.message()).put("param", error.param());
        told.putObject("error")
                .put("type", code.equals("invalid_prompt") ? "invalid_request_error" : "server_error")
                .put("code", code)
                .put("message", error.message())
                .put("param", error.param());
        return told;
    }

    /** In the words that clients of this format choose by whether to try again. */
    private static String codeOf(ApiError error) {
        return switch (error.kind()) {
            case RATE_LIMITED -> "rate_limit_exceeded";
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case INVALID_REQUEST -> "invalid_prompt";
            default -> "server_error";
        };
    }
}
