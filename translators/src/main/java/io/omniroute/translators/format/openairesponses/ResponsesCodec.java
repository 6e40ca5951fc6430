package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.ConversationCodec;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.HandedOut;
import io.omniroute.translators.format.HostedTools;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import io.omniroute.translators.model.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Responses between a client and a provider of this format. Unless the provider may keep answers, {@code store} goes out as
 * false. What refers to something that the provider keeps, or to answers that the gateway keeps, is noted.
 */
final class ResponsesCodec implements OperationCodec {

    private static final ConversationCodec CONVERSATION = new ResponsesConversation();

    @Override
    public String path(String model, boolean stream) {
        return "/responses";
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
    public byte[] writeRequest(byte[] body, RequestHead head, String model, boolean askUsage) {
        List<Edit> edits = new ArrayList<>(head.edits());
        if (!model.equals(head.model())) {
            edits.add(new Edit(head.modelAt(), Splice.quoted(model)));
        }
        return Splice.apply(body, edits);
    }

    @Override
    public void readAnswer(byte[] body, JsonLimits limits, Consumer<StreamEvent> sink) {
        new ResponseReader(sink).readWhole(body);
    }

    @Override
    public StreamDecoder streamDecoder(RequestHead head, JsonLimits limits) {
        return new ResponsesStreamDecoder();
    }

    @Override
    public Optional<ConversationCodec> conversation() {
        return Optional.of(CONVERSATION);
    }

    /** The refusal of what only the provider that keeps it can be told. */
    static ApiException kept(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name + "' refers to something that a provider keeps; send the conversation itself, with"
                                + " 'store' set to false")
                .withCode("unsupported_feature")
                .exception();
    }

    /** The refusal of what only a provider that keeps answers could do. */
    static ApiException unsupported(String name) {
        return ApiError.invalid(
                        name,
                        "'" + name
                                + "' needs a provider that keeps the answer for later; ask for it now, streamed if it"
                                + " takes long")
                .withCode("unsupported_feature")
                .exception();
    }

    @Override
    public HandedOut handedOut() {
        return HANDED_OUT;
    }

    /** Containers, the files that code has made in them, conversations, and answers with their items where the provider keeps them. */
    private static final HandedOut HANDED_OUT = new HandedOut(
            List.of("\"container_id\"", "\"file_id\"", "\"conversation\"", "\"store\""), ResponsesCodec::handedOut);

    private static final Set<String> OF_CODE = Set.of("container_file_citation", "file_path");

    private static void handedOut(JsonNode data, Consumer<JsonNode> ids) {
        ofItem(data.path("item"), ids);
        ofCitation(data.path("annotation"), ids);
        JsonNode response = data.has("response") ? data.path("response") : data;
        ids.accept(response.path("conversation").path("id"));
        boolean kept = response.path("store").asBoolean(false);
        if (kept) {
            ids.accept(response.path("id"));
        }
        for (JsonNode item : response.path("output")) {
            ofItem(item, ids);
            if (kept) {
                ids.accept(item.path("id"));
            }
        }
    }

    private static void ofItem(JsonNode item, Consumer<JsonNode> ids) {
        switch (item.path("type").asString("")) {
            case "code_interpreter_call" -> ids.accept(item.path("container_id"));
            case "shell_call" -> ids.accept(item.path("environment").path("container_id"));
            default -> {
                // names nothing of itself
            }
        }
        for (JsonNode part : item.path("content")) {
            part.path("annotations").forEach(annotation -> ofCitation(annotation, ids));
        }
    }

    private static void ofCitation(JsonNode annotation, Consumer<JsonNode> ids) {
        if (OF_CODE.contains(annotation.path("type").asString(""))) {
            ids.accept(annotation.path("container_id"));
            ids.accept(annotation.path("file_id"));
        }
    }

    /** Tools that the client runs, and those that are nothing but a look at the other tools. */
    private static final Set<String> CLIENTS =
            Set.of("function", "custom", "namespace", "local_shell", "apply_patch", "tool_search");

    private static final HostedTools HOSTED =
            new HostedTools(type -> !type.isEmpty() && !CLIENTS.contains(type), List.of());

    /** Items whose content a provider looks up by their ids where they do not bring it. */
    private static final Set<String> LOOKED_UP = Set.of("reasoning", "image_generation_call");

    private static final Set<String> WRITTEN_OUT = Set.of("encrypted_content", "content", "result");

    private static final class Reader extends RequestReader {

        private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] STORE_FALSE = "\"store\":false,".getBytes(StandardCharsets.US_ASCII);

        private boolean stream;
        private @Nullable Span input;
        private final List<Recalls.Item> items = new ArrayList<>();
        private final List<String> bare = new ArrayList<>(0);
        private @Nullable String previous;
        private @Nullable Span previousAt;
        private boolean keep = true;
        private boolean storeSaid;
        private @Nullable Edit notStored;

        Reader(byte[] body, JsonLimits limits) {
            super(body, limits);
        }

        @Override
        protected boolean field(String name, JsonParser parser) {
            switch (name) {
                case "stream" -> stream = bool(name, parser);
                case "input" -> input(parser);
                case "tools" -> tools(parser, HOSTED.isHosted());
                case "store" -> store(parser);
                case "previous_response_id" -> previous(parser);
                case "conversation", "prompt" -> namedOrObject(name, parser);
                case "background" -> {
                    if (bool(name, parser)) {
                        throw unsupported(name);
                    }
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        RequestHead head() {
            String model = model();
            Span whole = input;
            if (whole == null) {
                throw ApiError.invalid("input", "'input' is required: a string or a non-empty array of items")
                        .exception();
            }
            Edit edit = storeSaid ? notStored : new Edit(new Span(objectContentAt(), objectContentAt()), STORE_FALSE);
            return new RequestHead(model, modelAt(), stream, true, 1, List.of())
                    .withEdits(edit == null ? List.of() : List.of(edit))
                    .withHostedTools(hosted())
                    .withRecalls(new Recalls(keep, previous, previousAt, whole, items, bare))
                    .withKept(kept());
        }

        /** An id, or an object that has one. */
        private void namedOrObject(String name, JsonParser parser) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                kept(name, parser.getString());
            } else if (parser.currentToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean id = parser.currentName().equals("id");
                    if (parser.nextToken() != JsonToken.VALUE_NULL && id) {
                        kept(name + ".id", string(name + ".id", parser));
                    }
                    parser.skipChildren();
                }
            } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
                throw wrongType(name, "an id, or an object that has one", parser);
            }
        }

        private void previous(JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                int start = start(parser);
                previous = string("previous_response_id", parser);
                previousAt = new Span(start, end(parser));
            }
        }

        private void store(JsonParser parser) {
            int at = (int) parser.currentTokenLocation().getByteOffset();
            storeSaid = true;
            boolean stays = bool("store", parser);
            keep = stays || parser.currentToken() == JsonToken.VALUE_NULL;
            if (keep) {
                notStored = new Edit(new Span(at, at + 4), FALSE);
            }
        }

        private void input(JsonParser parser) {
            int start = start(parser);
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                if (parser.currentToken() != JsonToken.START_ARRAY) {
                    throw wrongType("input", "a string or an array of items", parser);
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() != JsonToken.START_OBJECT) {
                        throw wrongType("input", "an array of items", parser);
                    }
                    items.add(item(parser));
                }
                if (items.isEmpty()) {
                    return;
                }
            }
            input = new Span(start, end(parser));
        }

        /** An item reference; its type may be left out, and then it has an id and nothing else. */
        private Recalls.Item item(JsonParser parser) {
            int start = start(parser);
            boolean other = false;
            boolean reference = false;
            boolean written = false;
            String type = "";
            @Nullable String id = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
                if (text && name.equals("id")) {
                    id = parser.getString();
                } else if (text && name.equals("type")) {
                    type = parser.getString();
                    reference = type.equals("item_reference");
                    other |= !reference;
                } else {
                    boolean said = parser.currentToken() != JsonToken.VALUE_NULL;
                    other |= said;
                    written |= said && WRITTEN_OUT.contains(name);
                }
                if (name.equals("tools")) {
                    tools(parser, HOSTED.isHosted());
                } else {
                    watch(name, parser);
                }
            }
            if (id != null && !written && LOOKED_UP.contains(type)) {
                bare.add(id);
            }
            boolean refers = reference || (!other && id != null);
            return new Recalls.Item(new Span(start, end(parser)), refers ? Objects.requireNonNullElse(id, "") : null);
        }

        private static int start(JsonParser parser) {
            return (int) parser.currentTokenLocation().getByteOffset();
        }

        private static int end(JsonParser parser) {
            parser.finishToken();
            return (int) parser.currentLocation().getByteOffset();
        }
    }
}
