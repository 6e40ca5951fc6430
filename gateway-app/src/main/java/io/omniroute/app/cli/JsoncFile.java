package io.omniroute.app.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sets members of a JSON file that a person has written: comments, commas too many, order and layout of everything else stay
 * as they are.
 */
final class JsoncFile {

    private static final String ID = "id";
    private static final JsonFactory JSONC = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /** As far as it can be read: numbers in base 16 and names with escapes cannot. */
    private static final JsonFactory JSON5 = JSONC.rebuild()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .build();

    private final JsonFactory language;
    private final TextEdits edits;
    private final Set<String> kept;
    private final String placeholder;

    private JsoncFile(JsonFactory language, String text, Set<String> kept, String placeholder) {
        this.language = language;
        this.edits = new TextEdits(text);
        this.kept = kept;
        this.placeholder = placeholder;
    }

    /**
     * The file with the members of {@code wanted} in it, objects merged into objects.
     *
     * @param isJson5 whether its names may stand without quotes, and the like
     * @param kept texts that stay if they are there and not empty, as JSON pointers
     * @param placeholder what contains it is put only where there is no text, or an empty one
     * @throws tools.jackson.core.JacksonException if the text is not JSON, comments aside
     */
    static String merged(String text, boolean isJson5, JsonNode wanted, Set<String> kept, String placeholder) {
        JsoncFile file = new JsoncFile(isJson5 ? JSON5 : JSONC, text, kept, placeholder);
        try (JsonParser parser = file.language.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is not a JSON object");
            }
            file.object(parser, wanted, JsonPointer.empty(), 1);
            while (parser.nextToken() != null) {
                // what follows must be JSON too
            }
        }
        String merged = file.edits.result();
        read(merged, isJson5);
        return merged;
    }

    /** @throws tools.jackson.core.JacksonException if the text is not JSON, comments aside */
    static JsonNode read(String text, boolean isJson5) {
        return new JsonMapper(isJson5 ? JSON5 : JSONC).readTree(text);
    }

    private void object(JsonParser parser, JsonNode wanted, JsonPointer place, int depth) {
        int inside = end(parser);
        List<String> seen = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            seen.add(name);
            JsonNode value = wanted.get(name);
            JsonPointer here = place.appendProperty(name);
            JsonToken token = parser.nextToken();
            if (value == null || stays(parser, here, value)) {
                parser.skipChildren();
            } else if (value.isObject() && token == JsonToken.START_OBJECT) {
                object(parser, value, here, depth + 1);
            } else if (value.isArray() && value.path(0).has(ID) && token == JsonToken.START_ARRAY) {
                array(parser, value, depth + 1);
            } else {
                int start = start(parser);
                parser.skipChildren();
                parser.finishToken();
                edits.replace(start, end(parser), written(value, depth));
            }
        }
        StringBuilder fresh = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : wanted.properties()) {
            if (!seen.contains(member.getKey())) {
                fresh.append(fresh.isEmpty() ? "" : ",")
                        .append('\n')
                        .append("  ".repeat(depth))
                        .append('"')
                        .append(member.getKey())
                        .append("\": ")
                        .append(written(member.getValue(), depth));
            }
        }
        if (!fresh.isEmpty()) {
            fresh.append(seen.isEmpty() ? "\n" + "  ".repeat(depth - 1) : ",");
            edits.insert(inside, fresh.toString());
        }
    }

    private boolean stays(JsonParser parser, JsonPointer here, JsonNode value) {
        return (kept.contains(here.toString()) || value.asString("").contains(placeholder))
                && parser.currentToken() == JsonToken.VALUE_STRING
                && !parser.getString().isBlank();
    }

    /** What has an id stands in a list once, and what stands there already stays as it is. */
    private void array(JsonParser parser, JsonNode wanted, int depth) {
        int last = end(parser);
        boolean empty = true;
        Set<String> ids = new HashSet<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                id(parser).ifPresent(ids::add);
            } else {
                parser.skipChildren();
                parser.finishToken();
            }
            last = end(parser);
            empty = false;
        }
        StringBuilder fresh = new StringBuilder();
        for (JsonNode one : wanted) {
            if (!ids.contains(one.path(ID).asString(""))) {
                fresh.append(empty && fresh.isEmpty() ? "" : ",")
                        .append('\n')
                        .append("  ".repeat(depth))
                        .append(written(one, depth));
            }
        }
        if (!fresh.isEmpty()) {
            fresh.append(empty ? "\n" + "  ".repeat(depth - 1) : "");
            edits.insert(last, fresh.toString());
        }
    }

    /** The id of the object that the parser stands on the start of; it is left on the end. */
    private static Optional<String> id(JsonParser parser) {
        Optional<String> id = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean named = parser.currentName().equals(ID);
            if (parser.nextToken() == JsonToken.VALUE_STRING && named) {
                id = Optional.of(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return id;
    }

    private static String written(JsonNode value, int depth) {
        String pretty = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        return pretty.replace("\r\n", "\n").replace("\n", "\n" + "  ".repeat(depth));
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getCharOffset();
    }
}
