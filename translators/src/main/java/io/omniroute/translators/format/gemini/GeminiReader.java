package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.IncompleteAnswer;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a whole answer. */
final class GeminiReader {

    private final Consumer<StreamEvent> sink;

    GeminiReader(Consumer<StreamEvent> sink) {
        this.sink = sink;
    }

    void readWhole(byte[] body) {
        boolean[] failed = {false};
        GeminiParts parts = new GeminiParts(false, event -> {
            failed[0] |= event instanceof StreamEvent.Failure;
            sink.accept(event);
        });
        try {
            JsonNode response = Json.read(body, 0, body.length);
            if (response.isObject()) {
                parts.read(response);
            }
        } catch (JacksonException malformed) {
            sink.accept(IncompleteAnswer.failure(body, malformed));
            return;
        }
        parts.closeWhole();
        if (parts.isComplete()) {
            sink.accept(new StreamEvent.End());
        } else if (!failed[0]) {
            sink.accept(IncompleteAnswer.failure());
        }
    }
}
