package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.AnswerReader;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.format.VendorError;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads an embeddings answer: only its usage and whether the data is there. */
final class EmbeddingsAnswerReader extends AnswerReader {

    private boolean data;

    EmbeddingsAnswerReader(JsonLimits limits, Consumer<StreamEvent> sink) {
        super(limits, sink);
    }

    @Override
    protected void read(JsonParser parser, Consumer<StreamEvent> events) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("usage") && value == JsonToken.START_OBJECT) {
                events.accept(new StreamEvent.UsageUpdate(UsageReader.read(parser)));
            } else if (name.equals("error") && value != JsonToken.VALUE_NULL) {
                events.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(VendorError.read(parser))));
            } else if (name.equals("model") && value == JsonToken.VALUE_STRING) {
                events.accept(new StreamEvent.Start("", parser.getString()));
            } else {
                data |= name.equals("data") && value == JsonToken.START_ARRAY;
                parser.skipChildren();
            }
        }
    }

    @Override
    protected boolean hasAnswer() {
        return data;
    }
}
