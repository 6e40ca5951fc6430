package io.omniroute.translators.format.openaicompletions;

import io.omniroute.translators.format.AnswerReader;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.format.VendorError;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a whole legacy completion, which is what a part of an answer on which several work is given in. */
final class PromptAnswerReader extends AnswerReader {

    private String id = "";
    private String model = "";
    private boolean begun;
    private int parts;

    PromptAnswerReader(JsonLimits limits, Consumer<StreamEvent> sink) {
        super(limits, sink);
    }

    @Override
    protected void read(JsonParser parser, Consumer<StreamEvent> events) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "id" -> id = parser.getString();
                case "model" -> model = parser.getString();
                case "choices" -> choices(value, parser, events);
                case "usage" -> usage(value, parser, events);
                case "error" -> {
                    if (value != JsonToken.VALUE_NULL) {
                        events.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(VendorError.read(parser))));
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    @Override
    protected boolean hasAnswer() {
        return begun;
    }

    private void choices(JsonToken value, JsonParser parser, Consumer<StreamEvent> events) {
        while (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.START_OBJECT) {
            if (!begun) {
                begun = true;
                events.accept(new StreamEvent.Start(id, model));
            }
            choice(parser, events);
        }
    }

    private void choice(JsonParser parser, Consumer<StreamEvent> events) {
        String text = "";
        String reason = "";
        int index = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean written = value == JsonToken.VALUE_STRING;
            switch (name) {
                case "text" -> text = written ? parser.getString() : "";
                case "finish_reason" -> reason = written ? parser.getString() : "";
                case "index" -> index = parser.getIntValue();
                default -> parser.skipChildren();
            }
        }
        int part = parts++;
        events.accept(new StreamEvent.PartStart(index, part, PartKind.TEXT, null, null));
        events.accept(new StreamEvent.PartDelta(part, text));
        events.accept(new StreamEvent.PartEnd(part));
        events.accept(new StreamEvent.Finish(index, finish(reason), reason));
    }

    private static FinishReason finish(String reason) {
        return switch (reason) {
            case "length" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
    }

    private static void usage(JsonToken value, JsonParser parser, Consumer<StreamEvent> events) {
        long input = 0;
        long output = 0;
        while (value == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "prompt_tokens" -> input = parser.getLongValue();
                case "completion_tokens" -> output = parser.getLongValue();
                default -> parser.skipChildren();
            }
        }
        events.accept(new StreamEvent.UsageUpdate(new Usage(input, 0, 0, output, 0, false)));
    }
}
