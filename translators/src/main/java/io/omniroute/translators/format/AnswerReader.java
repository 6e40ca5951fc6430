package io.omniroute.translators.format;

import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads a whole answer, to its last byte: a cut one, or one without its main field, is a failure. */
public abstract class AnswerReader {

    private final JsonLimits limits;
    private final Consumer<StreamEvent> sink;

    protected AnswerReader(JsonLimits limits, Consumer<StreamEvent> sink) {
        this.limits = limits;
        this.sink = sink;
    }

    public final void readWhole(byte[] body) {
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            boolean read = parser.nextToken() == JsonToken.START_OBJECT;
            if (read) {
                read(parser, sink);
            }
            sink.accept(
                    read && parser.nextToken() == null && hasAnswer()
                            ? new StreamEvent.End()
                            : IncompleteAnswer.failure());
        } catch (JacksonException malformed) {
            sink.accept(IncompleteAnswer.failure(body, malformed));
        }
    }

    /** Reads the object that the parser stands on the start of. */
    protected abstract void read(JsonParser parser, Consumer<StreamEvent> events);

    /** Whether the field that makes it an answer was there. */
    protected abstract boolean hasAnswer();
}
