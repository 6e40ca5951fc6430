package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Messages and the counting of their tokens, between a client and a provider of this format. */
final class MessagesCodec implements OperationCodec {

    private final String path;

    MessagesCodec(String path) {
        this.path = path;
    }

    @Override
    public String path(String model, boolean stream) {
        return path;
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        Reader reader = new Reader(body, limits);
        reader.read();
        return reader.head();
    }

    @Override
    public byte[] writeRequest(byte[] body, RequestHead head, String model, boolean askUsage) {
        return model.equals(head.model())
                ? body
                : Splice.apply(body, List.of(new Edit(head.modelAt(), Splice.quoted(model))));
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new MessageReader(sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new MessagesStreamDecoder();
    }

    private static final class Reader extends RequestReader {

        private boolean stream;
        private boolean messages;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "stream" -> stream = bool(name, parser);
                case "messages" -> messages(parser);
                default -> {
                    return false;
                }
            }
            return true;
        }

        RequestHead head() {
            String model = model();
            if (!messages) {
                throw ApiError.invalid("messages", "'messages' is required: a non-empty array of messages")
                        .exception();
            }
            return new RequestHead(model, modelAt(), stream, true, 1, List.of());
        }

        private void messages(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw wrongType("messages", "an array", parser);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                messages = true;
                parser.skipChildren();
            }
        }
    }
}
