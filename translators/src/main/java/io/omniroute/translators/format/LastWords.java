package io.omniroute.translators.format;

import io.omniroute.translators.json.JsonLimits;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * What a conversation is about at the moment, in whatever format it is written: all texts of the last turn of the user, without what tools
 * have answered. Reads forward once.
 */
final class LastWords {

    private static final int MOST = 4_000;
    private static final Set<String> CONVERSATIONS = Set.of("messages", "input", "contents", "prompt");
    private static final Set<String> TEXTS = Set.of("content", "text");
    private static final Set<String> OF_TOOLS = Set.of("functionResponse", "function_response", "output");

    private final StringBuilder last = new StringBuilder();

    private LastWords() {}

    /** A few thousand characters at most; empty if the user has said nothing. Never fails for a body that the gateway has accepted. */
    static String of(byte[] body, JsonLimits limits) {
        LastWords words = new LastWords();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean conversation = CONVERSATIONS.contains(parser.currentName());
                words.field(conversation, parser.nextToken(), parser);
            }
        } catch (JacksonException malformed) {
            // what was understood until there counts
        }
        return words.last.toString();
    }

    private void field(boolean conversation, JsonToken value, JsonParser parser) {
        if (conversation && value == JsonToken.VALUE_STRING) {
            says(parser.getString());
        } else if (conversation && value == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                turn(parser);
            }
        } else {
            parser.skipChildren();
        }
    }

    private void turn(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            says(parser.getString());
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            Read turn = object(parser);
            if (turn.isUsers()) {
                says(turn.texts.toString());
            }
        } else {
            parser.skipChildren();
        }
    }

    private void says(String text) {
        if (!text.isBlank()) {
            last.setLength(0);
            last.append(text, Math.max(0, text.length() - MOST), text.length());
        }
    }

    /** The texts of an object and of those in it that are not a tool's. */
    private static Read object(JsonParser parser) {
        Read read = new Read();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (OF_TOOLS.contains(name)) {
                read.ofTool = true;
                parser.skipChildren();
            } else if (value == JsonToken.VALUE_STRING) {
                read.text(name, parser);
            } else if (value == JsonToken.START_OBJECT) {
                read.add(object(parser));
            } else if (value == JsonToken.START_ARRAY) {
                list(parser, read);
            }
        }
        return read;
    }

    private static void list(JsonParser parser, Read read) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                read.add(object(parser));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static final class Read {

        /** Of how many characters at the end somebody may want to know. */
        private static final int LAST = 20_000;

        private final StringBuilder texts = new StringBuilder();
        private String role = "user";
        private boolean ofTool;

        boolean isUsers() {
            return role.equals("user") && !ofTool;
        }

        void text(String name, JsonParser parser) {
            if (TEXTS.contains(name)) {
                say(parser.getString());
            } else if (name.equals("role")) {
                role = parser.getString();
            } else if (name.equals("type")) {
                String type = parser.getString();
                ofTool |= type.endsWith("_result") || type.endsWith("_call") || type.equals("reasoning");
            }
        }

        void add(Read inner) {
            if (!inner.ofTool) {
                say(inner.texts);
            }
        }

        private void say(CharSequence text) {
            if (!text.isEmpty()) {
                texts.append(texts.isEmpty() ? "" : "\n")
                        .append(text, Math.max(0, text.length() - LAST), text.length());
                if (texts.length() > 2 * LAST) {
                    texts.delete(0, texts.length() - LAST);
                }
            }
        }
    }
}
