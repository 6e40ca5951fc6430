package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.PartKind;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.JsonNode;

/** Reads a message, or what a chunk adds to one, into pieces, whatever a provider calls its fields and in which order they stand. */
final class ChatPieces {

    private ChatPieces() {}

    /** Adds what the message that the parser stands on the start of says, in the order of its fields. */
    static void read(JsonParser parser, List<ChatPiece> pieces) {
        List<Annotation> sources = new ArrayList<>(0);
        boolean thinks = false;
        int looked = pieces.size();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "content" -> content(parser, PartKind.TEXT, pieces);
                case "refusal" -> content(parser, PartKind.REFUSAL, pieces);
                case "reasoning_content", "reasoning" -> {
                    thinks |= haveThought(pieces.subList(looked, pieces.size()));
                    looked = pieces.size();
                    if (thinks) {
                        parser.skipChildren(); // the same, under its other name
                    } else {
                        content(parser, PartKind.REASONING, pieces);
                    }
                }
                case "reasoning_details" -> {
                    JsonNode details = Json.read(parser);
                    if (details.isArray() && !details.isEmpty()) {
                        pieces.add(ChatPiece.details(details));
                    }
                }
                case "extra_content" -> {
                    String signature = signature(parser);
                    if (!signature.isEmpty()) {
                        pieces.add(ChatPiece.signature(signature));
                    }
                }
                case "annotations" -> sources.addAll(ChatSources.annotations(parser));
                case "tool_calls" -> toolCalls(parser, pieces);
                case "function_call" -> {
                    if (value == JsonToken.START_OBJECT) {
                        pieces.add(function(parser, 0, null));
                    }
                }
                case "images" -> ChatImages.read(Json.read(parser), pieces);
                case "audio" -> {
                    if (saysSomething(parser)) {
                        pieces.add(ChatPiece.text(PartKind.AUDIO, ""));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        sources.forEach(source -> pieces.add(ChatPiece.source(source)));
    }

    /** Brings pieces in the order that they mean, once all are there. */
    static void order(List<ChatPiece> pieces) {
        pieces.sort(Comparator.comparingInt(ChatPieces::rank));
    }

    private static boolean haveThought(List<ChatPiece> pieces) {
        return pieces.stream()
                .anyMatch(piece ->
                        piece.kind() == PartKind.REASONING && !piece.text().isEmpty());
    }

    /** Whether an object has any text in it; the parser is left on its end. */
    private static boolean saysSomething(JsonParser parser) {
        boolean something = false;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                something |= parser.nextToken() == JsonToken.VALUE_STRING && parser.getStringLength() > 0;
                parser.skipChildren();
            }
        } else {
            parser.skipChildren();
        }
        return something;
    }

    /** Whatever the order of a message's fields is, reasoning comes first, then text with its sources, then calls. */
    private static int rank(ChatPiece piece) {
        return switch (piece.kind()) {
            case REASONING -> piece.details() == null ? 0 : 1;
            case TEXT -> piece.source() == null ? 2 : 3;
            case REFUSAL, AUDIO, IMAGE -> 4;
            case REDACTED_REASONING -> 5;
            case TOOL_CALL -> 6;
        };
    }

    /** Text, or a list of typed parts as some servers send it. */
    private static void content(JsonParser parser, PartKind kind, List<ChatPiece> pieces) {
        switch (parser.currentToken()) {
            case VALUE_STRING -> pieces.add(ChatPiece.text(kind, parser.getString()));
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

    private static void toolCalls(JsonParser parser, List<ChatPiece> pieces) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            pieces.add(toolCall(parser, 0)); // some send the one itself
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
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

    private static ChatPiece toolCall(JsonParser parser, int position) {
        Integer index = null;
        String id = null;
        String signature = "";
        ChatPiece function = ChatPiece.text(PartKind.TOOL_CALL, "");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = parser.getIntValue();
            } else if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                id = parser.getString();
            } else if (name.equals("extra_content")) {
                signature = signature(parser);
            } else if (value == JsonToken.START_OBJECT && (name.equals("function") || name.equals("custom"))) {
                ChatPiece read = function(parser, position, null);
                // some send both, one of them empty
                boolean empty = (read.name() == null || read.name().isEmpty())
                        && read.text().isEmpty();
                function = empty ? function : read;
            } else {
                parser.skipChildren();
            }
        }
        return ChatPiece.call(index == null ? position : index, id, function.name(), function.text(), signature);
    }

    /** Where Google's compatible endpoint has a signature; empty if there is none. */
    private static String signature(JsonParser parser) {
        return Json.read(parser).path("google").path("thought_signature").asString("");
    }

    private static ChatPiece function(JsonParser parser, int index, @Nullable String id) {
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
        return ChatPiece.call(index, id, called, arguments, "");
    }

    /** Some servers write arguments as the object that they are. */
    private static String written(JsonParser parser) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonLimits.DEFAULT.factory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.copyCurrentStructure(parser);
        }
        return text.toString();
    }
}
