package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.IncompleteAnswer;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a whole message. */
final class MessageReader {

    private final Consumer<StreamEvent> sink;

    MessageReader(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    void readWhole(byte[] body) {
        JsonNode message;
        try {
            message = Json.read(body, 0, body.length);
        } catch (JacksonException malformed) {
            sink.accept(IncompleteAnswer.failure(body, malformed));
            return;
        }
        if (message.path("type").asString("").equals("error")
                || message.path("error").isObject()) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(message)));
            return;
        }
        if (message.path("input_tokens").isIntegralNumber() && !message.has("content")) {
            sink.accept(new StreamEvent.UsageUpdate(new MessagesUsage().update(message)));
            sink.accept(new StreamEvent.End());
            return;
        }
        boolean says = !message.path("content").isEmpty()
                || !message.path("stop_reason").asString("").isEmpty();
        if (!message.path("content").isArray() || !says) {
            sink.accept(IncompleteAnswer.failure());
            return;
        }
        sink.accept(new StreamEvent.Start(
                message.path("id").asString(""), message.path("model").asString("")));
        new MessageBlocks(sink).whole(message.path("content"));
        new MessagesUsage().tell(message.path("usage"), sink);
        sink.accept(finish(message));
        sink.accept(new StreamEvent.End());
    }

    /** How a message, or the last delta of one, ended. */
    static StreamEvent.Finish finish(JsonNode message) {
        String raw = message.path("stop_reason").asString("");
        String sequence = message.path("stop_sequence").asString("");
        String detail = sequence.isEmpty()
                ? message.path("stop_details").path("explanation").asString("")
                : sequence;
        return new StreamEvent.Finish(0, StopReasons.read(raw), raw, detail.isEmpty() ? null : detail);
    }
}
