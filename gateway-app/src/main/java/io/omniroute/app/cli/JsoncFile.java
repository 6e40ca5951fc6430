package io.omniroute.app.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
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

    /** What stands between two places is replaced. */
    private record Change(int start, int end, String text) {}

    private final String text;
    private final List<Change> changes = new ArrayList<>();

    private JsoncFile(String text) {
        this.text = text;
    }

    /**
     * The file with the members of {@code wanted} in it, objects merged into objects.
     *
     * @throws tools.jackson.core.JacksonException if the text is not JSON, comments aside
     */
    static String merged(String text, JsonNode wanted) {
        JsoncFile file = new JsoncFile(text);
        try (JsonParser parser = JSONC.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("is not a JSON object");
            }
            file.object(parser, wanted, 1);
            while (parser.nextToken() != null) {
                // what follows must be JSON too
            }
        }
        return file.changed();
    }

    private void object(JsonParser parser, JsonNode wanted, int depth) {
        int inside = end(parser);
        List<String> seen = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            seen.add(name);
            JsonNode value = wanted.get(name);
            JsonToken token = parser.nextToken();
            if (value == null) {
                parser.skipChildren();
            } else if (value.isObject() && token == JsonToken.START_OBJECT) {
                object(parser, value, depth + 1);
            } else if (value.isArray() && value.path(0).has(ID) && token == JsonToken.START_ARRAY) {
                array(parser, value, depth + 1);
            } else {
                int start = start(parser);
                parser.skipChildren();
                parser.finishToken();
                changes.add(new Change(start, end(parser), written(value, depth)));
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
            changes.add(new Change(inside, inside, fresh.toString()));
        }
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
            changes.add(new Change(last, last, fresh.toString()));
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

    private String changed() {
        changes.sort(Comparator.comparingInt(Change::start));
        StringBuilder result = new StringBuilder();
        int read = 0;
        for (Change change : changes) {
            result.append(text, read, change.start()).append(change.text());
            read = change.end();
        }
        return result.append(text, read, text.length()).toString();
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
