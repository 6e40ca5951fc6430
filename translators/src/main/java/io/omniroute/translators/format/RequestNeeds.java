package io.omniroute.translators.format;

import io.omniroute.translators.json.JsonLimits;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * What a conversation needs of a model, in whatever format it is written; read only where something depends on it.
 *
 * @param tools functions that the model may call
 * @param vision images
 * @param structuredOutput an answer that follows a schema
 * @param tokens about how many tokens it has; four bytes count as one
 */
public record RequestNeeds(boolean tools, boolean vision, boolean structuredOutput, long tokens) {

    /** About how many bytes of a body are a token. */
    public static final int BYTES_OF_A_TOKEN = 4;

    private static final int MOST_WORDS = 4_000;
    private static final Set<String> CONVERSATIONS = Set.of("messages", "input", "contents", "prompt");
    private static final Set<String> TEXTS = Set.of("content", "text");
    private static final Set<String> IMAGES = Set.of("image", "image_url", "input_image");
    private static final Set<String> SCHEMAS = Set.of("responseSchema", "responseJsonSchema", "response_schema");

    /** What a body needs that the gateway has accepted; never fails. */
    public static RequestNeeds of(byte[] body, JsonLimits limits) {
        Reader reader = new Reader();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            reader.read(parser);
        } catch (JacksonException malformed) {
            // what was understood until there is what it needs
        }
        return new RequestNeeds(reader.tools, reader.vision, reader.structuredOutput, body.length / BYTES_OF_A_TOKEN);
    }

    /** The last text of a conversation, a few thousand characters at most; tools and settings are left out. */
    public static String lastWords(byte[] body, JsonLimits limits) {
        StringBuilder words = new StringBuilder();
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean conversation = CONVERSATIONS.contains(parser.currentName());
                JsonToken value = parser.nextToken();
                if (conversation && value == JsonToken.VALUE_STRING) {
                    append(words, parser.getString());
                } else if (conversation) {
                    texts(parser, words);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException malformed) {
            // what was understood until there counts
        }
        return words.toString();
    }

    private static void texts(JsonParser parser, StringBuilder words) {
        int depth = 0;
        String name = "";
        JsonToken token = parser.currentToken();
        while (token != null) {
            if (token == JsonToken.PROPERTY_NAME) {
                name = parser.currentName();
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING && TEXTS.contains(name)) {
                append(words, parser.getString());
            }
            token = depth == 0 ? null : parser.nextToken();
        }
    }

    /** Only the latest counts: what a conversation began with may be about something else. */
    private static void append(StringBuilder words, String text) {
        words.setLength(0);
        words.append(text, Math.max(0, text.length() - MOST_WORDS), text.length());
    }

    private static final class Reader {

        private boolean tools;
        private boolean vision;
        private boolean structuredOutput;

        void read(JsonParser parser) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("tools") || field.equals("functions")) {
                    tools(value, parser);
                } else {
                    look(parser);
                }
            }
        }

        /** Schemas of tools say nothing of what the call itself needs. */
        private void tools(JsonToken value, JsonParser parser) {
            if (value != JsonToken.START_ARRAY) {
                // one tool alone may stand without a list
                tools |= value == JsonToken.START_OBJECT;
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                tools = true;
                parser.skipChildren();
            }
        }

        private void look(JsonParser parser) {
            int depth = 0;
            String name = "";
            JsonToken token = parser.currentToken();
            while (token != null) {
                if (token == JsonToken.PROPERTY_NAME) {
                    name = parser.currentName();
                    structuredOutput |= SCHEMAS.contains(name);
                } else if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_STRING) {
                    text(name, parser);
                }
                token = depth == 0 ? null : parser.nextToken();
            }
        }

        private void text(String name, JsonParser parser) {
            switch (name) {
                case "type" -> {
                    String type = parser.getString();
                    vision |= IMAGES.contains(type);
                    structuredOutput |= type.equals("json_schema");
                }
                case "mimeType", "mime_type" -> vision |= parser.getString().startsWith("image/");
                default -> {
                    // says nothing of what it needs
                }
            }
        }
    }
}
