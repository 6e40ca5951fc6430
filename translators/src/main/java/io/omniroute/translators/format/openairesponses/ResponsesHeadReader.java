package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.Recalls;
import io.omniroute.translators.format.RequestHead;
import io.omniroute.translators.format.RequestReader;
import io.omniroute.translators.format.RequestValue;
import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads what the stages need of a request to Responses: whether it is streamed and to be kept, and what it says of earlier answers.
 */
final class ResponsesHeadReader extends RequestReader {

    /** Items whose content a provider looks up by their ids where they do not bring it. */
    private static final Map<String, Recalls.Brought> LOOKED_UP = Map.of(
            "reasoning", Recalls.Brought.THOUGHT_WITHOUT_CONTENT,
            "image_generation_call", Recalls.Brought.WITHOUT_CONTENT);

    private static final Set<String> WRITTEN_OUT = Set.of("encrypted_content", "content", "result");

    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STORE_FALSE = "\"store\":false,".getBytes(StandardCharsets.US_ASCII);

    private final Predicate<String> isHosted;
    private boolean stream;
    private @Nullable Span input;
    private final List<Recalls.Item> items = new ArrayList<>();
    private @Nullable String previous;
    private @Nullable Span previousAt;
    private boolean keep = true;
    private boolean storeSaid;
    private @Nullable Edit notStored;

    ResponsesHeadReader(byte[] body, JsonLimits limits, Predicate<String> isHosted) {
        super(body, limits);
        this.isHosted = isHosted;
    }

    @Override
    protected boolean field(String name, JsonParser parser) {
        switch (name) {
            case "stream" -> stream = RequestValue.bool(name, parser);
            case "input" -> input(parser);
            case "tools" -> tools(parser, isHosted);
            case "store" -> store(parser);
            case "previous_response_id" -> previous(parser);
            case "conversation", "prompt" -> idOrObject(name, parser);
            case "background" -> {
                if (RequestValue.bool(name, parser)) {
                    throw ResponsesCodec.unsupported(name);
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
                .withRecalls(new Recalls(keep, previous, previousAt, whole, items))
                .withKept(kept())
                .withCacheKey(cacheKey());
    }

    private void previous(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
            int start = start(parser);
            previous = RequestValue.string("previous_response_id", parser);
            previousAt = new Span(start, end(parser));
        }
    }

    private void store(JsonParser parser) {
        int at = (int) parser.currentTokenLocation().getByteOffset();
        storeSaid = true;
        boolean stays = RequestValue.bool("store", parser);
        keep = stays || parser.currentToken() == JsonToken.VALUE_NULL;
        if (keep) {
            notStored = new Edit(new Span(at, at + 4), FALSE);
        }
    }

    private void input(JsonParser parser) {
        int start = start(parser);
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw RequestValue.wrongType("input", "a string or an array of items", parser);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw RequestValue.wrongType("input", "an array of items", parser);
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
                other |= parser.currentToken() != JsonToken.VALUE_NULL;
            }
            boolean content = WRITTEN_OUT.contains(name) && parser.currentToken() != JsonToken.VALUE_NULL;
            boolean list = parser.currentToken() == JsonToken.START_ARRAY;
            int from = start(parser);
            if (name.equals("tools")) {
                tools(parser, isHosted);
            } else {
                watch(name, parser);
            }
            // an empty list is what a thought has that shows nothing
            written |= content && !(list && isEmptyList(from, end(parser)));
        }
        Recalls.Brought brought = reference || (!other && id != null)
                ? Recalls.Brought.REFERENCE
                : id == null || written ? Recalls.Brought.WHOLE : LOOKED_UP.getOrDefault(type, Recalls.Brought.WHOLE);
        return new Recalls.Item(new Span(start, end(parser)), brought, Objects.requireNonNullElse(id, ""));
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser) {
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }
}
