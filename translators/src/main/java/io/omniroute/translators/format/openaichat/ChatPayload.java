package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.format.VendorError;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;

/**
 * Reads the JSON objects of one chat answer, chunks or the whole, into canonical events. A choice is read completely
 * before its events are made, because {@code index} may stand behind the delta.
 *
 * <p>State: which part of a candidate is open (text, reasoning, refusal follow one another), which tool calls have
 * started, and which candidates have ended. One per answer; not thread-safe.
 */
final class ChatPayload {

    private record Piece(
            PartKind kind,
            String text,
            @Nullable Integer toolIndex,
            @Nullable String id,
            @Nullable String name) {}

    private record Open(PartKind kind, int part) {}

    private record Tool(int part, @Nullable String id) {}

    /** A call whose name has not come yet. */
    private record Unnamed(@Nullable String id, String arguments) {}

    private final Map<Integer, Open> open = new HashMap<>();
    private final Map<Long, Tool> tools = new HashMap<>();
    private final Map<Long, Unnamed> unnamed = new HashMap<>();
    private final Set<Integer> finished = new HashSet<>();
    private int parts;
    private boolean started;
    private String salt = IdRule.salt();
    private boolean choicesSeen;
    private boolean choicesEmpty;
    private boolean usageSeen;

    /** Reads one object; the parser stands on its start. */
    void read(JsonParser parser, boolean whole, Consumer<StreamEvent> sink) {
        String id = "";
        String model = "";
        List<StreamEvent> events = new ArrayList<>(4);
        choicesEmpty = false;
        usageSeen = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "id" -> id = textOrEmpty(parser);
                case "model" -> model = textOrEmpty(parser);
                case "choices" -> choices(parser, whole, events::add);
                case "usage" -> {
                    if (value == JsonToken.START_OBJECT) {
                        Usage usage = UsageReader.read(parser);
                        usageSeen = true;
                        events.add(new StreamEvent.UsageUpdate(usage));
                    }
                }
                case "error" -> {
                    if (value != JsonToken.VALUE_NULL) {
                        events.add(new StreamEvent.Failure(UpstreamErrors.inAnswer(VendorError.read(parser))));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (!started) {
            started = true;
            salt = id.isEmpty() ? IdRule.salt() : id;
            sink.accept(new StreamEvent.Start(id, model));
        }
        events.forEach(sink);
    }

    /** How many candidates have ended. */
    int finishedCandidates() {
        return finished.size();
    }

    /** Whether any object so far had choices, even none. */
    boolean hasChoices() {
        return choicesSeen;
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
        choicesSeen = true;
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
        List<Piece> pieces = new ArrayList<>(2);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("finish_reason") && value == JsonToken.VALUE_STRING) {
                finish = parser.getString();
            } else if (value == JsonToken.START_OBJECT && (name.equals("delta") || name.equals("message"))) {
                message(parser, pieces);
            } else {
                parser.skipChildren();
            }
        }
        for (Piece piece : pieces) {
            apply(index, piece, sink);
        }
        if (finish != null || whole) {
            finish(index, finish == null ? "" : finish, sink);
        }
    }

    private static void message(JsonParser parser, List<Piece> pieces) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "content" -> content(parser, PartKind.TEXT, pieces);
                case "refusal" -> content(parser, PartKind.REFUSAL, pieces);
                case "reasoning_content", "reasoning" -> {
                    boolean known = pieces.stream()
                            .anyMatch(piece -> piece.kind() == PartKind.REASONING
                                    && !piece.text().isEmpty());
                    if (known) {
                        parser.skipChildren(); // the same, under its other name
                    } else {
                        content(parser, PartKind.REASONING, pieces);
                    }
                }
                case "tool_calls" -> toolCalls(parser, pieces);
                case "function_call" -> {
                    if (value == JsonToken.START_OBJECT) {
                        pieces.add(function(parser, 0, null));
                    }
                }
                case "audio" -> {
                    if (value == JsonToken.START_OBJECT) {
                        pieces.add(new Piece(PartKind.AUDIO, "", null, null, null));
                    }
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
    }

    /** Text, or a list of typed parts as some servers send it. */
    private static void content(JsonParser parser, PartKind kind, List<Piece> pieces) {
        switch (parser.currentToken()) {
            case VALUE_STRING -> pieces.add(new Piece(kind, parser.getString(), null, null, null));
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    content(parser, kind, pieces);
                }
            }
            case START_OBJECT -> {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case "text" -> content(parser, kind, pieces);
                        case "thinking" -> content(parser, PartKind.REASONING, pieces);
                        default -> parser.skipChildren();
                    }
                }
            }
            case null, default -> {
                // null and numbers are no content
            }
        }
    }

    private static void toolCalls(JsonParser parser, List<Piece> pieces) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        int position = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                pieces.add(toolCall(parser, position++));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static Piece toolCall(JsonParser parser, int position) {
        Integer index = null;
        String id = null;
        Piece function = new Piece(PartKind.TOOL_CALL, "", null, null, null);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                id = parser.getString();
            } else if (value == JsonToken.START_OBJECT && (name.equals("function") || name.equals("custom"))) {
                function = function(parser, position, null);
            } else {
                parser.skipChildren();
            }
        }
        return new Piece(PartKind.TOOL_CALL, function.text(), index == null ? position : index, id, function.name());
    }

    private static Piece function(JsonParser parser, int index, @Nullable String id) {
        String called = null;
        String arguments = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("name") && value == JsonToken.VALUE_STRING) {
                called = parser.getString();
            } else if (value == JsonToken.VALUE_STRING && (name.equals("arguments") || name.equals("input"))) {
                arguments = parser.getString();
            } else if (value == JsonToken.START_OBJECT && name.equals("arguments")) {
                arguments = written(parser);
            } else {
                parser.skipChildren();
            }
        }
        return new Piece(PartKind.TOOL_CALL, arguments, index, id, called);
    }

    /** Some servers write arguments as the object that they are. */
    private static String written(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonLimits.DEFAULT.factory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.copyCurrentStructure(parser);
        }
        return text.toString();
    }

    private void apply(int candidate, Piece piece, Consumer<StreamEvent> sink) {
        if (piece.kind() == PartKind.TOOL_CALL) {
            tool(candidate, piece, sink);
            return;
        }
        if (piece.text().isEmpty() && piece.kind() != PartKind.AUDIO) {
            return;
        }
        Open current = open.get(candidate);
        if (current == null || current.kind() != piece.kind()) {
            end(candidate, sink);
            current = new Open(piece.kind(), parts++);
            open.put(candidate, current);
            sink.accept(new StreamEvent.PartStart(candidate, current.part(), piece.kind(), null, null));
        }
        sink.accept(new StreamEvent.PartDelta(current.part(), piece.text()));
    }

    private void tool(int candidate, Piece piece, Consumer<StreamEvent> sink) {
        long key = ((long) candidate << 32) | (piece.toolIndex() == null ? 0 : piece.toolIndex());
        Tool tool = tools.get(key);
        boolean otherCall = tool != null
                && piece.id() != null
                && !piece.id().isEmpty()
                && tool.id() != null
                && !tool.id().isEmpty()
                && !piece.id().equals(tool.id());
        if (tool == null || otherCall) {
            Unnamed earlier = unnamed.remove(key);
            String id = piece.id() == null && earlier != null ? earlier.id() : piece.id();
            String text = earlier == null ? piece.text() : earlier.arguments() + piece.text();
            if (piece.name() == null || piece.name().isEmpty()) {
                unnamed.put(key, new Unnamed(id, text));
                return;
            }
            begin(candidate, key, id, piece.name(), text, sink);
        } else if (!piece.text().isEmpty()) {
            sink.accept(new StreamEvent.PartDelta(tool.part(), piece.text()));
        }
    }

    private void begin(
            int candidate, long key, @Nullable String id, String name, String text, Consumer<StreamEvent> sink) {
        end(candidate, sink);
        Tool tool = new Tool(parts++, id);
        tools.put(key, tool);
        String known =
                id == null || id.isEmpty() ? IdRule.derived(salt + " " + name + " " + tool.part(), "call_", 29) : id;
        sink.accept(new StreamEvent.PartStart(candidate, tool.part(), PartKind.TOOL_CALL, known, name));
        if (!text.isEmpty()) {
            sink.accept(new StreamEvent.PartDelta(tool.part(), text));
        }
    }

    private void finish(int candidate, String raw, Consumer<StreamEvent> sink) {
        end(candidate, sink);
        if (raw.equals("error")) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(VendorError.EMPTY)));
        } else if (finished.add(candidate)) {
            tools.entrySet().stream()
                    .filter(entry -> entry.getKey() >> 32 == candidate)
                    .forEach(entry ->
                            sink.accept(new StreamEvent.PartEnd(entry.getValue().part())));
            sink.accept(new StreamEvent.Finish(candidate, reason(raw), raw));
        }
    }

    private void end(int candidate, Consumer<StreamEvent> sink) {
        Open current = open.remove(candidate);
        if (current != null) {
            sink.accept(new StreamEvent.PartEnd(current.part()));
        }
    }

    private static FinishReason reason(String raw) {
        return switch (raw) {
            case "stop", "eos", "eos_token", "end_turn", "" -> FinishReason.STOP;
            case "length", "max_tokens" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    private static String textOrEmpty(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        parser.skipChildren();
        return "";
    }
}
