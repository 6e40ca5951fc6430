package io.omniroute.translators.format.openaichat;

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
import io.omniroute.translators.json.Span;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Chat Completions, {@code POST /chat/completions}. */
final class ChatCompletionCodec implements OperationCodec {

    /** What some clients and servers say instead of no limit. */
    static final long UNLIMITED = -1;

    private static final Set<String> CLIENTS = Set.of("function", "custom");
    private static final String WEB_SEARCH = "web_search_options";
    private static final String AUDIO = "audio";

    /** What else asks for a provider's own work, in fields of OpenAI's and of other vendors: searches, code, data, and models that it chooses. */
    private static final Set<String> BESIDE = Set.of(
            WEB_SEARCH,
            "search_parameters",
            "enable_search",
            "enable_code_interpreter",
            "plugins",
            "data_sources",
            "models",
            "preset");

    /** Spoken answers. */
    private static final HandedOut HANDED_OUT = new HandedOut(
            List.of("\"audio\""),
            (data, ids) -> data.path("choices").forEach(choice -> {
                ids.accept(choice.path("message").path(AUDIO).path("id"));
                ids.accept(choice.path("delta").path(AUDIO).path("id"));
            }));

    private static final HostedTools HOSTED =
            new HostedTools(type -> !type.isEmpty() && !CLIENTS.contains(type), List.copyOf(BESIDE));

    @Override
    public String path(String model, boolean stream) {
        return "/chat/completions";
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
        if (askUsage) {
            edits.addAll(head.askUsage());
        }
        return edits;
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new ChatAnswerReader(limits, sink).readWhole(body);
    }

    @Override
    public HandedOut handedOut() {
        return HANDED_OUT;
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new ChatStreamDecoder(head.choices(), !head.hostedTools().isEmpty(), limits);
    }

    private static final class Reader extends RequestReader {

        private static final byte[] INCLUDE = "\"include_usage\":true".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] INCLUDE_AND_MORE = "\"include_usage\":true,".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] OPTIONS_AND_MORE =
                "\"stream_options\":{\"include_usage\":true},".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] OPTIONS = "{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

        private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

        private List<Edit> notStored = List.of();
        private boolean messages;
        private boolean stream;
        private boolean usageAsked;
        private boolean speaks;
        private int choices = 1;
        private @Nullable Edit usageInOptions;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "messages" -> messages(parser);
                case "stream" -> stream = RequestValue.bool(name, parser);
                case "stream_options" -> streamOptions(parser);
                case "n" -> choices = RequestValue.count(name, parser, 1);
                case "max_tokens", "max_completion_tokens" -> {
                    // local servers take that for as much as there is room for
                    boolean unlimited = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getString().equals(Long.toString(UNLIMITED));
                    if (!unlimited) {
                        RequestValue.count(name, parser, 1);
                    }
                }
                case "temperature" -> RequestValue.number(name, parser, 0, 2);
                case "top_p" -> RequestValue.number(name, parser, 0, 1);
                case "tools" -> toolList(parser);
                case "store" -> store(parser);
                // what Google's and other vendors' own fields are put into
                case "extra_body", "google" -> watch(parser);
                case AUDIO -> {
                    speaks = parser.currentToken() != JsonToken.VALUE_NULL;
                    speech(parser);
                }
                default -> {
                    return BESIDE.contains(name) && beside(name, parser);
                }
            }
            return true;
        }

        private boolean beside(String name, JsonParser parser) {
            boolean list = parser.currentToken() == JsonToken.START_ARRAY;
            boolean said =
                    parser.currentToken() != JsonToken.VALUE_NULL && parser.currentToken() != JsonToken.VALUE_FALSE;
            int at = (int) parser.currentLocation().getByteOffset();
            watch(parser);
            boolean empty = list && parser.currentLocation().getByteOffset() == at + 1;
            if (said && !empty) {
                hosted(name.equals(WEB_SEARCH) ? "web_search" : name);
            }
            return true;
        }

        RequestHead head() {
            String model = model();
            if (!messages) {
                throw ApiError.invalid("messages", "'messages' is required: a non-empty array of messages")
                        .exception();
            }
            boolean edit = stream && !usageAsked;
            return new RequestHead(
                            model, modelAt(), stream, usageAsked, choices, edit ? List.of(askUsage()) : List.of())
                    .withEdits(notStored)
                    .withHostedTools(hosted())
                    .withKept(kept())
                    .handingOut(speaks)
                    .withCacheKey(cacheKey());
        }

        /** Nothing stays with a provider. */
        private void store(JsonParser parser) {
            int at = (int) parser.currentTokenLocation().getByteOffset();
            if (RequestValue.bool("store", parser)) {
                notStored = List.of(new Edit(new Span(at, at + 4), FALSE));
            }
        }

        private Edit askUsage() {
            return usageInOptions != null
                    ? usageInOptions
                    : new Edit(new Span(objectContentAt(), objectContentAt()), OPTIONS_AND_MORE);
        }

        private void messages(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw RequestValue.wrongType("messages", "an array", parser);
            }
            int index = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                message(index++, parser);
            }
            if (index == 0) {
                throw ApiError.invalid("messages", "'messages' must not be empty")
                        .exception();
            }
            messages = true;
        }

        private void message(int index, JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw RequestValue.wrongType(at(index), "an object", parser);
            }
            boolean role = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                boolean isRole = name.equals("role");
                boolean isContent = name.equals("content");
                boolean isAudio = name.equals(AUDIO);
                JsonToken value = parser.nextToken();
                if (isRole) {
                    if (value != JsonToken.VALUE_STRING) {
                        throw RequestValue.wrongType(at(index) + ".role", "a string", parser);
                    }
                    role = true;
                } else if (isContent
                        && value != JsonToken.VALUE_STRING
                        && value != JsonToken.START_ARRAY
                        && value != JsonToken.VALUE_NULL) {
                    throw RequestValue.wrongType(at(index) + ".content", "a string or an array of parts", parser);
                }
                if (isAudio) {
                    idOrObject(at(index) + ".audio", parser);
                } else {
                    watch(name, parser);
                }
            }
            if (!role) {
                String path = at(index) + ".role";
                throw ApiError.invalid(path, "'" + path + "' is required").exception();
            }
        }

        private static String at(int index) {
            return "messages[" + index + "]";
        }

        /** How to speak: with a voice of the provider's, or one that the organisation has made there. */
        private void speech(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean voice = parser.currentName().equals("voice");
                if (parser.nextToken() == JsonToken.START_OBJECT && voice) {
                    idOrObject("audio.voice", parser);
                } else {
                    watch(parser);
                }
            }
        }

        private void toolList(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_ARRAY && parser.currentToken() != JsonToken.VALUE_NULL) {
                throw RequestValue.wrongType("tools", "an array", parser);
            }
            tools(parser, HOSTED.isHosted());
        }

        private void streamOptions(JsonParser parser) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                usageInOptions = new Edit(new Span(start, start + 4), OPTIONS);
                return;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw RequestValue.wrongType("stream_options", "an object", parser);
            }
            boolean empty = true;
            boolean named = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                empty = false;
                boolean include = parser.currentName().equals("include_usage");
                JsonToken value = parser.nextToken();
                if (include) {
                    usageAsked = RequestValue.bool("stream_options.include_usage", parser);
                    int at = (int) parser.currentTokenLocation().getByteOffset();
                    int length = value == JsonToken.VALUE_FALSE ? 5 : 4;
                    usageInOptions = new Edit(new Span(at, at + length), TRUE);
                    named = true;
                }
                parser.skipChildren();
            }
            if (!named) {
                usageInOptions = new Edit(new Span(start + 1, start + 1), empty ? INCLUDE : INCLUDE_AND_MORE);
            }
        }
    }
}
