package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.HandedOut;
import io.omniroute.translators.format.IncompleteAnswer;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Making a conversation shorter, {@code POST /responses/compact} of OpenAI's API reference: the answer is the conversation to go on with, and
 * most of it one item that only its provider can read.
 */
final class CompactCodec extends BesideResponses {

    CompactCodec() {
        super(ResponsesFormat.COMPACT);
    }

    /** What comes back is sent again by the client, so nobody keeps it as an answer to go on from. */
    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        RequestHead head = super.readRequest(body, endpoint, limits);
        if (head.stream()) {
            throw ApiError.invalid("stream", "'stream' must be false or absent: a compaction is never streamed")
                    .exception();
        }
        Recalls recalls = head.recalls();
        return recalls == null
                ? head
                : head.withRecalls(
                        new Recalls(false, recalls.previous(), recalls.previousAt(), recalls.input(), recalls.items()));
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        JsonNode compaction;
        try {
            compaction = Json.read(body, 0, body.length);
        } catch (JacksonException malformed) {
            sink.accept(IncompleteAnswer.failure(body, malformed));
            return;
        }
        if (compaction.path("error").isObject()) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(compaction)));
            return;
        }
        if (!compaction.path("output").isArray()) {
            sink.accept(IncompleteAnswer.failure());
            return;
        }
        sink.accept(new StreamEvent.Start(
                compaction.path("id").asString(""), compaction.path("model").asString("")));
        if (compaction.path("usage").isObject()) {
            sink.accept(new StreamEvent.UsageUpdate(ResponsesUsage.read(compaction.path("usage"))));
        }
        sink.accept(new StreamEvent.Finish(0, FinishReason.STOP, "completed"));
        sink.accept(new StreamEvent.End());
    }

    @Override
    public HandedOut handedOut() {
        return responses.handedOut();
    }
}
