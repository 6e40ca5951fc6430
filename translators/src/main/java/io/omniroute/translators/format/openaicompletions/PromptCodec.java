package io.omniroute.translators.format.openaicompletions;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.RequestValue;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads what the gateway must know of a prompt, and of its own answers to one. There is no provider's side. */
final class PromptCodec implements OperationCodec {

    @Override
    public String path(String model, boolean stream) {
        return "/completions";
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        Reader reader = new Reader(body, limits);
        reader.read();
        return reader.head();
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        throw noProvider();
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new PromptAnswerReader(limits, sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        throw noProvider();
    }

    static IllegalStateException noProvider() {
        return new IllegalStateException("no provider is asked in the format " + CompletionsFormat.ID);
    }

    static ApiException unsupported(String name) {
        return ApiError.invalid(name, "'" + name + "' of legacy completions cannot be said to chat models")
                .withCode(ErrorCodes.UNSUPPORTED)
                .exception();
    }

    private static final class Reader extends RequestReader {

        private boolean stream;
        private boolean prompt;
        private boolean usageAsked;
        private int choices = 1;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "stream" -> stream = RequestValue.bool(name, parser);
                case "n" -> choices = RequestValue.count(name, parser, 1);
                case "prompt" -> {
                    prompt = true;
                    parser.skipChildren();
                }
                case "stream_options" -> options(parser);
                default -> {
                    return false;
                }
            }
            return true;
        }

        RequestHead head() {
            String model = model();
            if (!prompt) {
                throw ApiError.invalid("prompt", "'prompt' is required: a string")
                        .exception();
            }
            return new RequestHead(model, modelAt(), stream, usageAsked, choices, List.of());
        }

        private void options(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean include = parser.currentName().equals("include_usage");
                parser.nextToken();
                usageAsked |= include && RequestValue.bool("stream_options.include_usage", parser);
                parser.skipChildren();
            }
        }
    }
}
