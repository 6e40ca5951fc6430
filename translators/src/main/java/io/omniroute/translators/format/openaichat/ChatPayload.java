package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.format.VendorError;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.TokenProbability;
import io.omniroute.translators.model.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON objects of one chat answer, chunks or the whole, into canonical events. A choice is read completely
 * before its events are made, because {@code index} may stand behind the delta.
 *
 * <p>State: which part of a candidate is open (text, reasoning, refusal follow one another), which tool calls have
 * started, and which candidates have ended. One per answer; not thread-safe.
 */
final class ChatPayload {

    private final ChatParts parts = new ChatParts();
    private final ChatSources sources = new ChatSources();
    /** Candidates that come in pieces, as streams should. */
    private final Set<Integer> inPieces = new HashSet<>();
    /** What candidates have said that come as a whole, again and again. */
    private final Map<Integer, StringBuilder> saidWhole = new HashMap<>();

    private String id = "";
    private String model = "";
    private boolean started;
    private boolean choicesEmpty;
    private boolean usageSeen;
    private boolean reasonSeen;

    /** The answer may name sources, which come at its end. */
    void searches() {
        parts.searches();
    }

    /** Reads one object; the parser stands on its start. */
    void read(JsonParser parser, boolean whole, Consumer<StreamEvent> sink) {
        VendorError error = null;
        boolean isError = false;
        String said = "";
        String type = "";
        String code = "";
        List<StreamEvent> events = new ArrayList<>(4);
        choicesEmpty = false;
        usageSeen = false;
        reasonSeen = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "id" -> id = textOr(id, parser);
                case "model" -> model = textOr(model, parser);
                case "choices" -> choices(parser, whole, events::add);
                case "usage" -> {
                    if (value == JsonToken.START_OBJECT) {
                        Usage usage = UsageReader.read(parser);
                        usageSeen = true;
                        events.add(new StreamEvent.UsageUpdate(usage));
                    }
                }
                case "x_groq" -> {
                    JsonNode own = Json.read(parser);
                    UsageReader.read(own.path("usage"))
                            .ifPresent(usage -> events.add(new StreamEvent.UsageUpdate(usage)));
                    String stopped = own.path("error").asString("");
                    error = stopped.isEmpty() || error != null ? error : new VendorError(stopped, "", "", null);
                }
                case "error" -> {
                    if (value != JsonToken.VALUE_NULL) {
                        error = VendorError.read(parser);
                    }
                }
                case "base_resp" -> error = value == JsonToken.START_OBJECT ? baseResponse(parser, error) : error;
                case "object" -> isError = textOrEmpty(parser).equals("error");
                case "message" -> said = textOrEmpty(parser);
                case "type" -> type = textOrEmpty(parser);
                case "code" -> code = value.isScalarValue() ? parser.getString() : skipped(parser);
                case "citations", "search_results" -> sources.read(parser);
                default -> parser.skipChildren();
            }
        }
        if (isError && error == null) {
            error = new VendorError(said, type, code, null);
        }
        if (error != null) {
            // says more than a word of a choice does, wherever it stands
            events.removeIf(StreamEvent.Failure.class::isInstance);
            events.add(new StreamEvent.Failure(UpstreamErrors.inAnswer(error)));
        }
        if (whole) {
            parts.close(events::add);
        }
        // some say something of the prompt first, and only then who answers
        if (whole || !events.isEmpty() || (!id.isEmpty() && !model.isEmpty())) {
            start(sink);
        }
        events.forEach(event -> tell(event, sink));
    }

    private void start(Consumer<StreamEvent> sink) {
        if (!started) {
            started = true;
            parts.named(id);
            sink.accept(new StreamEvent.Start(id, model));
        }
    }

    /** Nothing more comes: tells how the answer has ended. */
    void close(Consumer<StreamEvent> sink) {
        start(sink);
        parts.close(event -> tell(event, sink));
    }

    private void tell(StreamEvent event, Consumer<StreamEvent> sink) {
        if (event instanceof StreamEvent.PartEnd end && end.part() == parts.lastText(0)) {
            sources.ofAnswer().forEach(source -> sink.accept(new StreamEvent.PartSource(end.part(), source)));
        }
        sink.accept(event);
    }

    /** MiniMax's own word for how a call went, beside or instead of an answer: all is well with 0. */
    private static @Nullable VendorError baseResponse(JsonParser parser, @Nullable VendorError known) {
        JsonNode told = Json.read(parser);
        long code = told.path("status_code").asLong(0);
        return code == 0 || known != null
                ? known
                : new VendorError(told.path("status_msg").asString(""), "", "base_resp_" + code, null);
    }

    private static String skipped(JsonParser parser) {
        parser.skipChildren();
        return "";
    }

    /** More came of a part, in an event that was not read here. */
    void grows(int part, String text) {
        parts.grows(part, text);
    }

    /** Whether what is thought comes with more than its text. */
    boolean hasDetails() {
        return parts.hasDetails();
    }

    /** How many candidates have said something. */
    int begunCandidates() {
        return parts.begun();
    }

    /**
     * How many candidates have ended.
     *
     * @param over whether nothing more can come
     */
    int finishedCandidates(boolean over) {
        return parts.finished(over);
    }

    /** Whether the last object said of a candidate how it ends. */
    boolean lastHadReason() {
        return reasonSeen;
    }

    /** Whether the last object carried nothing but usage. */
    boolean lastWasUsageOnly() {
        return choicesEmpty && usageSeen;
    }

    private void choices(JsonParser parser, boolean whole, Consumer<StreamEvent> sink) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        choicesEmpty = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            choicesEmpty = false;
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                choice(parser, whole, sink);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void choice(JsonParser parser, boolean whole, Consumer<StreamEvent> sink) {
        int index = 0;
        String finish = null;
        VendorError error = VendorError.EMPTY;
        List<ChatPiece> pieces = new ArrayList<>(2);
        List<ChatPiece> message = List.of();
        List<TokenProbability> likely = List.of();
        List<TokenProbability> refused = List.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("finish_reason") && value == JsonToken.VALUE_STRING) {
                finish = parser.getString();
            } else if (value != JsonToken.VALUE_NULL && name.equals("error")) {
                error = VendorError.read(parser);
            } else if (value == JsonToken.START_OBJECT && name.equals("usage")) {
                sink.accept(new StreamEvent.UsageUpdate(UsageReader.read(parser)));
            } else if (value == JsonToken.START_OBJECT && name.equals("logprobs")) {
                Probabilities read = Probabilities.read(parser);
                likely = read.content();
                refused = read.refusal();
            } else if (value == JsonToken.START_OBJECT && name.equals("delta")) {
                ChatPieces.read(parser, pieces);
            } else if (value == JsonToken.START_OBJECT && name.equals("message")) {
                message = new ArrayList<>(2);
                ChatPieces.read(parser, message);
            } else {
                parser.skipChildren();
            }
        }
        ChatPieces.order(pieces);
        if (!message.isEmpty()) {
            ChatPieces.order(message);
            pieces = whole ? message : unsaid(index, pieces, message);
        } else if (!whole && pieces.stream().anyMatch(ChatPayload::says)) {
            inPieces.add(index);
        }
        for (ChatPiece piece : pieces) {
            parts.add(index, piece, piece.kind() == PartKind.REFUSAL ? refused : likely, sink);
        }
        // some write an empty word until there is one
        boolean ended = finish != null && !finish.isEmpty();
        reasonSeen |= ended;
        if (ended || whole) {
            parts.finish(index, finish == null ? "" : finish, error, sink);
        }
    }

    /** Some send the whole answer so far beside each piece of it, or behind the last one, and some send it instead of pieces. */
    private List<ChatPiece> unsaid(int index, List<ChatPiece> pieces, List<ChatPiece> message) {
        if (pieces.stream().anyMatch(ChatPayload::says)) {
            inPieces.add(index);
        }
        if (inPieces.contains(index)) {
            return pieces;
        }
        List<ChatPiece> unsaid = new ArrayList<>();
        for (ChatPiece piece : message) {
            if (piece.kind() == PartKind.TEXT && piece.source() == null) {
                StringBuilder before = saidWhole.computeIfAbsent(index, first -> new StringBuilder());
                String more = begins(before, piece.text()) ? piece.text().substring(before.length()) : piece.text();
                before.append(more);
                unsaid.add(ChatPiece.text(PartKind.TEXT, more));
            } else {
                unsaid.add(piece);
            }
        }
        return unsaid;
    }

    /** Whether a text has that beginning, which may be much longer than the text. */
    private static boolean begins(StringBuilder beginning, String text) {
        return text.length() >= beginning.length() && text.startsWith(beginning.toString());
    }

    private static boolean says(ChatPiece piece) {
        return piece.kind() != PartKind.TEXT || !piece.text().isEmpty();
    }

    private static String textOr(String known, JsonParser parser) {
        String text = textOrEmpty(parser);
        return text.isEmpty() ? known : text;
    }

    private static String textOrEmpty(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        parser.skipChildren();
        return "";
    }
}
