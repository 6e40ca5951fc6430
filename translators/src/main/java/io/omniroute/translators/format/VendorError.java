package io.omniroute.translators.format;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An error as a provider wrote it, in any of the shapes that OpenAI-compatible servers use: {@code error} as an object or
 * a string, or {@code message} or {@code detail} at the top level.
 */
public record VendorError(
        String message, String type, String code, @Nullable String param) {

    /** Nothing that could be read. */
    public static final VendorError EMPTY = new VendorError("", "", "", null);

    /** What some write where they mean none. */
    private static final Set<String> NO_FIELD = Set.of("", "none", "null");

    private static final int LONGEST = 1_000;
    private static final Pattern PRIVATE =
            Pattern.compile("(?i)\\b(?:sk|pk|rk|gsk|xai|org|proj|acct|key)[-_][a-z0-9_*.\\-]{5,}"
                    + "|\\bbearer\\s+\\S+|\\bAIza[0-9a-z_\\-]{8,}|data:[a-z0-9.+/-]+;base64,\\S*"
                    + "|\\b(?:team|key|organi[sz]ation|account|project|workspace)(?: id)?\\s*[:=]?\\s*[0-9a-f]{8}-[0-9a-f-]{27}"
                    + "|(?:/(?:home|usr|var|opt|app|root|srv|tmp)/)\\S+");

    /** Reads the value of {@code error}; the parser stands on its first token and is left on its last. */
    public static VendorError read(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return new VendorError(parser.getString(), "", "", null);
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return EMPTY;
        }
        String message = "";
        String type = "";
        String code = "";
        String param = null;
        VendorError inner = EMPTY;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && name.equals("metadata")) {
                inner = raw(parser);
            } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                String text = parser.getString();
                switch (name) {
                    case "message" -> message = text;
                    case "type", "status" -> type = text;
                    case "code" -> code = text;
                    case "param" -> param = text;
                    default -> {
                        // other members are the vendor's own
                    }
                }
            }
        }
        return inner.message().isEmpty()
                ? new VendorError(message, type, code, param)
                : inner.behind(type, code, param);
    }

    /** What a router was told itself, as the text that it got: {@code metadata.raw}. */
    private static VendorError raw(JsonParser parser) {
        VendorError told = EMPTY;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean raw = parser.currentName().equals("raw");
            if (parser.nextToken() == JsonToken.VALUE_STRING && raw) {
                String text = parser.getString();
                String begun = text.stripLeading();
                boolean written = begun.startsWith("{") || begun.startsWith("[") || begun.startsWith("<");
                told = written
                        ? UpstreamErrors.read(text.getBytes(StandardCharsets.UTF_8))
                        : new VendorError(text, "", "", null);
            } else {
                parser.skipChildren();
            }
        }
        return told;
    }

    private VendorError behind(String outerType, String outerCode, @Nullable String outerParam) {
        return new VendorError(
                message,
                type.isEmpty() ? outerType : type,
                code.isEmpty() ? outerCode : code,
                param == null ? outerParam : param);
    }

    /** The message without what belongs to the gateway's account: its first line, bounded, identifiers removed. */
    String cleanMessage() {
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        String bounded = line.length() > LONGEST ? line.substring(0, LONGEST) : line;
        return PRIVATE.matcher(bounded).replaceAll("[redacted]").trim();
    }

    /** The status that the error names in its code, or the given one. */
    int statusOr(int otherwise) {
        return code.length() == 3 && code.chars().allMatch(Character::isDigit) ? Integer.parseInt(code) : otherwise;
    }

    /** Whether it names a field of the request that is not this one. */
    boolean namesAnotherThan(String field) {
        return param != null && !NO_FIELD.contains(param.strip().toLowerCase(Locale.ROOT)) && !param.equals(field);
    }

    /** Whether type or code is this word. */
    boolean says(String word) {
        return type.equals(word) || code.equals(word);
    }
}
