package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.RequestValue;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Embeddings, {@code POST /embeddings}. Never streamed. */
final class EmbeddingsCodec implements OperationCodec {

    @Override
    public String path(String model, boolean stream) {
        return "/embeddings";
    }

    @Override
    public RequestHead readRequest(byte[] body, Endpoint endpoint, JsonLimits limits) {
        Reader reader = new Reader(body, limits);
        reader.read();
        return reader.head();
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        return model.equals(head.model()) ? List.of() : List.of(new Edit(head.modelAt(), Splice.quoted(model)));
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new EmbeddingsAnswerReader(limits, sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        throw new IllegalStateException("embeddings are never streamed");
    }

    private static final class Reader extends RequestReader {

        private boolean input;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "input" -> input(parser);
                case "dimensions" -> RequestValue.count(name, parser, 1);
                case "encoding_format" -> encodingFormat(parser);
                default -> {
                    return false;
                }
            }
            return true;
        }

        RequestHead head() {
            String model = model();
            if (!input) {
                throw ApiError.invalid("input", "'input' is required: a string or a non-empty array")
                        .exception();
            }
            return new RequestHead(model, modelAt(), false, false, 1, List.of());
        }

        private void input(JsonParser parser) {
            boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
            if (text && parser.getStringLength() == 0) {
                throw ApiError.invalid("input", "'input' must not be empty").exception();
            }
            if (!text && parser.currentToken() != JsonToken.START_ARRAY) {
                throw RequestValue.wrongType("input", "a string or an array", parser);
            }
            if (!text && parser.nextToken() == JsonToken.END_ARRAY) {
                throw ApiError.invalid("input", "'input' must not be empty").exception();
            }
            while (!text && parser.currentToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
                parser.nextToken();
            }
            input = true;
        }

        private static void encodingFormat(JsonParser parser) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            String format = RequestValue.string("encoding_format", parser);
            if (!format.equals("float") && !format.equals("base64")) {
                throw ApiError.invalid("encoding_format", "'encoding_format' must be \"float\" or \"base64\"")
                        .exception();
            }
        }
    }
}
