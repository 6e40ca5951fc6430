package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.IncompleteAnswer;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a whole response. */
final class ResponseReader {

    private final Consumer<StreamEvent> sink;

    ResponseReader(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    void readWhole(byte[] body) {
        JsonNode response;
        try {
            response = Json.read(body, 0, body.length);
        } catch (JacksonException malformed) {
            sink.accept(IncompleteAnswer.failure(body, malformed));
            return;
        }
        if (response.path("error").isObject()) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(response)));
            return;
        }
        boolean says = !response.path("output").isEmpty() || response.has("status");
        if (!response.path("output").isArray() || !says) {
            sink.accept(IncompleteAnswer.failure());
            return;
        }
        sink.accept(new StreamEvent.Start(
                response.path("id").asString(""), response.path("model").asString("")));
        ResponseParts parts = new ResponseParts(sink);
        int index = 0;
        for (JsonNode item : response.path("output")) {
            parts.added(index, item);
            parts.done(index++, item);
        }
        end(response, parts.hasCalls(), sink);
    }

    /** What a response that has ended says of its end. */
    static void end(JsonNode response, boolean calls, Consumer<StreamEvent> sink) {
        if (response.path("usage").isObject()) {
            sink.accept(new StreamEvent.UsageUpdate(ResponsesUsage.read(response.path("usage"))));
        }
        String status = response.path("status").asString("completed");
        if (status.equals("failed") || status.equals("cancelled")) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(response)));
            return;
        }
        String reason = response.path("incomplete_details").path("reason").asString("");
        FinishReason finish = !status.equals("incomplete")
                ? calls ? FinishReason.TOOL : FinishReason.STOP
                : reason.equals("content_filter") ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH;
        sink.accept(new StreamEvent.Finish(0, finish, reason.isEmpty() ? status : reason));
        sink.accept(new StreamEvent.End());
    }
}
