package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.HandedOut;
import io.omniroute.translators.format.HostedTools;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.RequestValue;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Messages and the counting of their tokens, between a client and a provider of this format. */
final class MessagesCodec implements OperationCodec {

    /** Tools of Anthropic's that the client runs, and those that are nothing but a look at the other tools. */
    private static final List<String> CLIENTS = List.of("custom", "bash_", "text_editor_", "memory_", "tool_search_");

    /** Containers, and the files that code has made in them. */
    private static final HandedOut HANDED_OUT =
            new HandedOut(List.of("\"container\"", "\"file_id\""), MessagesCodec::handedOut);

    private static final Set<String> OF_CODE = Set.of(
            "code_execution_tool_result", "bash_code_execution_tool_result", "text_editor_code_execution_tool_result");

    private static final String SERVERS = "mcp_servers";
    private static final HostedTools HOSTED = new HostedTools(MessagesCodec::isHosted, List.of(SERVERS));

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
    public byte[] withoutHostedTools(byte[] body) {
        return HOSTED.without(body);
    }

    @Override
    public List<Edit> edits(RequestHead head, String model, boolean askUsage) {
        List<Edit> edits = new ArrayList<>(head.edits());
        edits.addAll(head.naming(model));
        return edits;
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new MessageReader(sink).readWhole(body);
    }

    @Override
    public HandedOut handedOut() {
        return HANDED_OUT;
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new MessagesStreamDecoder();
    }

    private static void handedOut(JsonNode data, Consumer<JsonNode> ids) {
        for (JsonNode said : List.of(data, data.path("message"), data.path("delta"))) {
            ids.accept(said.path("container").path("id"));
            said.path("content").forEach(block -> ofCode(block, ids));
        }
        ofCode(data.path("content_block"), ids);
    }

    private static void ofCode(JsonNode block, Consumer<JsonNode> ids) {
        if (OF_CODE.contains(block.path("type").asString(""))) {
            block.path("content").path("content").forEach(file -> ids.accept(file.path("file_id")));
        }
    }

    private static boolean isHosted(String type) {
        return !type.isEmpty() && CLIENTS.stream().noneMatch(type::startsWith);
    }

    private static final class Reader extends RequestReader {

        private boolean stream;
        private boolean messages;
        private boolean thinks;
        private boolean hidden;
        /** Leaves out what other models the provider may answer with, which is for the gateway to decide. */
        private @Nullable Edit fallbacks;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "stream" -> stream = RequestValue.bool(name, parser);
                case "messages" -> messages(parser);
                case "tools" -> tools(parser, HOSTED.isHosted());
                case SERVERS -> {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        hosted("mcp");
                    }
                    parser.skipChildren();
                }
                case "container" -> idOrObject(name, parser);
                case "thread" -> {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        throw ApiError.invalid(
                                        "thread",
                                        "'thread' has the provider keep the conversation; send the whole conversation instead")
                                .withCode(AnthropicErrors.NO_THREADS)
                                .exception();
                    }
                }
                case "fallbacks" -> fallbacks = removed(parser);
                case "thinking" -> thinking(parser);
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
            return new RequestHead(model, modelAt(), stream, true, 1, List.of())
                    .withEdits(fallbacks == null ? List.of() : List.of(fallbacks))
                    .withHostedTools(hosted())
                    .withKept(kept())
                    .wantingThoughts(thinks && !hidden);
        }

        /** Thoughts are shown unless the client says otherwise. */
        private void thinking(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
                if (text && name.equals("type")) {
                    thinks = !parser.getString().equals("disabled");
                } else if (text && name.equals("display")) {
                    hidden = parser.getString().equals("omitted");
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void messages(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw RequestValue.wrongType("messages", "an array", parser);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                messages = true;
                watch(parser);
            }
        }
    }
}
