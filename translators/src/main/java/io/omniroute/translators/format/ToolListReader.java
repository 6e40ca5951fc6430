package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.json.JsonLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Goes through the tools of a request, counts them, and notes those that the provider runs itself. Not thread-safe. */
final class ToolListReader {

    private final JsonLimits limits;
    private final KeptObjectReader objects;
    private final List<String> hosted = new ArrayList<>(0);
    private int count;

    /** @param objects is shown what tools name that a provider keeps */
    ToolListReader(JsonLimits limits, KeptObjectReader objects) {
        this.limits = limits;
        this.objects = objects;
    }

    /** The kinds of tools that the provider runs itself, as far as they were read. */
    List<String> hosted() {
        return hosted;
    }

    /** Notes one that is asked for in another way. */
    void hosted(String kind) {
        hosted.add(kind);
    }

    /** Reads the list that the parser stands on, to its end; nothing of what is no list. */
    void read(JsonParser parser, Predicate<String> isHosted) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            counted();
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                tool(parser, isHosted);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Counts a tool. */
    void counted() {
        if (++count > limits.tools()) {
            throw ApiError.invalid("tools", "the request has more than " + limits.tools() + " tools")
                    .exception();
        }
    }

    private void tool(JsonParser parser, Predicate<String> isHosted) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
            if (text && name.equals("type")) {
                String type = parser.getString();
                if (isHosted.test(type)) {
                    hosted.add(type);
                }
            } else if (text && name.equals("container")) {
                objects.found("tools.container", parser.getString());
            } else if (name.equals("tools")) {
                read(parser, isHosted);
            } else {
                objects.field(name, parser);
            }
        }
    }
}
