package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.AnswerReader;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;

/** Reads a whole chat completion. */
final class ChatAnswerReader extends AnswerReader {

    private final ChatPayload payload = new ChatPayload();

    ChatAnswerReader(JsonLimits limits, Consumer<StreamEvent> sink) {
        super(limits, sink);
    }

    @Override
    protected void read(JsonParser parser, Consumer<StreamEvent> events) {
        payload.read(parser, true, events);
    }

    @Override
    protected boolean hasAnswer() {
        return payload.finishedCandidates(true) > 0;
    }
}
