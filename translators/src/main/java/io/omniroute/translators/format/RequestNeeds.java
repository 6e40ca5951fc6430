package io.omniroute.translators.format;

import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Media;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * @param tokens about how many tokens it has; four bytes count as one, and what is no text as a picture of usual size
 */
public record RequestNeeds(boolean tools, boolean vision, boolean structuredOutput, long tokens) {

    /** About how many bytes of a body are a token. */
    public static final int BYTES_OF_A_TOKEN = 4;

    /** About how many tokens a picture, a file or a sound is, whatever its size. */
    private static final int TOKENS_OF_MEDIA = 1_200;

    private static final int SHORTEST_MEDIA = 1_000;
    private static final int LOOKED_AT = 200;
    private static final Pattern DATA_URL = Pattern.compile("data:([^;,\"]*)[;,]");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=_-]*");
    private static final Set<String> MEDIA = Set.of("data", "file_data", "url", "image_url");
    private static final Set<String> IMAGES = Set.of("image", "image_url", "input_image");
    private static final Set<String> SCHEMAS =
            Set.of("responseSchema", "responseJsonSchema", "response_schema", "response_json_schema");

    /** What tools are called with and answer: whatever it has in it is the client's own. */
    private static final Set<String> OF_TOOLS = Set.of("input", "args", "response");

    /** Bodies below this size have no pictures in them that would count. */
    private static final int SMALL = 65_536;

    /** How deep the fields of an item are. */
    private static final int IN_ITEM = 2;

    /** About how many tokens a body has that the gateway has accepted; a small one is not looked through. */
    public static long tokens(byte[] body, JsonLimits limits) {
        return body.length < SMALL
                ? body.length / BYTES_OF_A_TOKEN
                : of(body, limits).tokens();
    }

    /** What a body needs that the gateway has accepted; never fails. */
    public static RequestNeeds of(byte[] body, JsonLimits limits) {
        Reader reader = new Reader(body);
        try (JsonParser parser = limits.factory().createParser(ObjectReadContext.empty(), body)) {
            reader.read(parser);
        } catch (JacksonException malformed) {
            // what was understood until there is what it needs
        }
        long words = Math.max(0, body.length - reader.mediaBytes);
        return new RequestNeeds(
                reader.tools, reader.vision, reader.structuredOutput, words / BYTES_OF_A_TOKEN + reader.mediaTokens);
    }

    /** What the user has said last, a few thousand characters at most; what tools have answered is left out. */
    public static String lastWords(byte[] body, JsonLimits limits) {
        return LastWords.of(body, limits);
    }

    private static final class Reader {

        private final byte[] body;
        private boolean tools;
        private boolean vision;
        private boolean structuredOutput;
        private long mediaTokens;
        private long mediaBytes;

        Reader(byte[] body) {
            this.body = body;
        }

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
                    look(parser, field.equals("input"));
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

        /**
         * Reads one field of the request.
         *
         * @param items whether what it lists may bring tools
         */
        private void look(JsonParser parser, boolean items) {
            int depth = 0;
            String name = "";
            JsonToken token = parser.currentToken();
            while (token != null) {
                if (token == JsonToken.PROPERTY_NAME) {
                    name = parser.currentName();
                    if (items && depth == IN_ITEM && name.equals("tools")) {
                        tools(parser.nextToken(), parser);
                        name = "";
                    }
                } else if (token == JsonToken.START_OBJECT && depth > 0 && OF_TOOLS.contains(name)) {
                    parser.skipChildren();
                    name = ""; // what follows is no part of it
                } else if (token.isStructStart()) {
                    structuredOutput |= SCHEMAS.contains(name);
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                    name = "";
                } else if (token == JsonToken.VALUE_STRING) {
                    text(name, parser);
                }
                int start = offset(parser);
                boolean may = token == JsonToken.VALUE_STRING && MEDIA.contains(name);
                token = depth == 0 ? null : parser.nextToken();
                if (may && token != null) {
                    media(start + 1, offset(parser));
                }
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

        /** Counts a string that is neither words nor their encoding; it is never decoded for that. */
        private void media(int start, int end) {
            int length = end - start;
            if (length >= SHORTEST_MEDIA && isEncoded(start)) {
                mediaTokens += Math.min(TOKENS_OF_MEDIA, length / BYTES_OF_A_TOKEN);
                mediaBytes += length;
            }
        }

        private boolean isEncoded(int start) {
            String beginning = new String(body, start, LOOKED_AT, StandardCharsets.ISO_8859_1);
            Matcher url = DATA_URL.matcher(beginning);
            return url.lookingAt()
                    ? !DataUrl.isText(new Media.Inline(url.group(1), ""))
                    : BASE64.matcher(beginning).matches();
        }

        private static int offset(JsonParser parser) {
            return (int) parser.currentTokenLocation().getByteOffset();
        }
    }
}
