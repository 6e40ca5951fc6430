package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.model.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads where a chat answer comes from: OpenAI's annotations of a message, and the lists beside the choices in which providers
 * with a search of their own (Perplexity, xAI) name their sources, in every chunk again. One per answer; not thread-safe.
 */
final class ChatSources {

    private List<Annotation> cited = List.of();
    private List<Annotation> found = List.of();
    private boolean told;

    /** Reads a list beside the choices: addresses, or objects with an address and a title. */
    void read(JsonParser parser) {
        boolean addresses = parser.currentName() != null && parser.currentName().equals("citations");
        List<Annotation> read = list(parser, false);
        if (addresses) {
            cited = read;
        } else {
            found = read;
        }
    }

    /** The sources of the answer as a whole, once; those that have titles if there are such. */
    List<Annotation> ofAnswer() {
        if (told) {
            return List.of();
        }
        List<Annotation> sources = found.isEmpty() ? cited : found;
        told = !sources.isEmpty();
        return sources;
    }

    /** The annotations of a message, those that are addresses. */
    static List<Annotation> annotations(JsonParser parser) {
        return list(parser, true);
    }

    private static List<Annotation> list(JsonParser parser, boolean nested) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return List.of();
        }
        List<Annotation> sources = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            switch (parser.currentToken()) {
                case VALUE_STRING -> sources.add(Annotation.ofAnswer(parser.getString(), ""));
                case START_OBJECT -> one(parser, nested).forEach(sources::add);
                case null, default -> parser.skipChildren();
            }
        }
        return sources;
    }

    private static Stream<Annotation> one(JsonParser parser, boolean nested) {
        @Nullable String url = null;
        String title = "";
        @Nullable String quoted = null;
        int start = 0;
        int end = 0;
        Stream<Annotation> inside = Stream.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (nested && name.equals("url_citation") && value == JsonToken.START_OBJECT) {
                inside = one(parser, false);
            } else if (name.equals("url") && value == JsonToken.VALUE_STRING) {
                url = parser.getString();
            } else if (name.equals("title") && value == JsonToken.VALUE_STRING) {
                title = parser.getString();
            } else if (name.equals("content") && value == JsonToken.VALUE_STRING) {
                quoted = parser.getString();
            } else if (name.equals("start_index") && value == JsonToken.VALUE_NUMBER_INT) {
                start = position(parser);
            } else if (name.equals("end_index") && value == JsonToken.VALUE_NUMBER_INT) {
                end = position(parser);
            } else {
                parser.skipChildren();
            }
        }
        return url == null ? inside : Stream.of(new Annotation(url, title, start, end, quoted));
    }

    private static int position(JsonParser parser) {
        return parser.getValueAsInt(0) < 0 ? 0 : parser.getValueAsInt(0);
    }
}
