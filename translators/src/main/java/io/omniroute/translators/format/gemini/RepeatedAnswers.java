package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds answers to calls that a body has twice, word for word. Gemini CLI sends each of them twice when it goes on with a conversation that
 * it has kept, and Google wants as many answers as there are calls. Where no name has more answers than calls, nothing is repeated.
 */
final class RepeatedAnswers {

    private static final Set<String> CALLS = Set.of("functionCall", "function_call");
    private static final Set<String> ANSWERS = Set.of("functionResponse", "function_response");

    /** @param part its number among the parts of its content */
    private record Answer(Content content, int part, String name, Span at) {}

    private record Content(int place, List<Span> parts, BitSet gone) {}

    private final byte[] body;
    private final BiConsumer<String, JsonParser> others;

    private final List<Span> contents = new ArrayList<>();
    private final BitSet gone = new BitSet();
    private final List<Edit> edits = new ArrayList<>();
    /** How many calls of a name the model's last turn has. */
    private final Map<String, Integer> calls = new HashMap<>();

    private final List<Answer> answers = new ArrayList<>();
    /** What the content has that is read now. */
    private final List<String> called = new ArrayList<>();

    private final List<Answer> given = new ArrayList<>();
    private String role = "";
    /** Whether the content before is the model's: what was streamed may come back in several. */
    private boolean ofModel;

    /** @param others reads whatever else there is: the name of a field, whose value the parser stands on */
    RepeatedAnswers(byte[] body, BiConsumer<String, JsonParser> others) {
        this.body = body;
        this.others = others;
    }

    /** Reads the list of contents that the parser stands on; gives the edits that take out what is repeated. */
    List<Edit> read(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = start(parser);
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                content(parser);
            } else {
                others.accept("contents", parser);
            }
            contents.add(new Span(start, end(parser)));
        }
        settle();
        edits.addAll(Splice.leaveOut(contents, gone::get));
        return edits;
    }

    private void content(JsonParser parser) {
        Content content = new Content(contents.size(), new ArrayList<>(), new BitSet());
        role = "";
        called.clear();
        given.clear();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("parts") && value == JsonToken.START_ARRAY) {
                parts(parser, content);
            } else {
                if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                    role = parser.getString();
                }
                others.accept(name, parser);
            }
        }
        boolean model = role.equals("model");
        if (model && !ofModel) {
            settle();
        }
        ofModel = model;
        if (model) {
            called.forEach(name -> calls.merge(name, 1, Integer::sum));
        } else {
            answers.addAll(given);
        }
    }

    private void parts(JsonParser parser, Content content) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = start(parser);
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    member(parser, content);
                }
            } else {
                others.accept("parts", parser);
            }
            content.parts().add(new Span(start, end(parser)));
        }
    }

    private void member(JsonParser parser, Content content) {
        String member = parser.currentName();
        boolean object = parser.nextToken() == JsonToken.START_OBJECT;
        boolean answer = ANSWERS.contains(member);
        if (!object || !(answer || CALLS.contains(member))) {
            others.accept(member, parser);
            return;
        }
        int start = start(parser);
        String name = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING && field.equals("name")) {
                name = parser.getString();
            }
            others.accept(field, parser);
        }
        if (answer) {
            given.add(new Answer(content, content.parts().size(), name, new Span(start, end(parser))));
        } else {
            called.add(name);
        }
    }

    /** Decides on the answers to a turn of the model, all of which are read. */
    private void settle() {
        Map<String, Integer> surplus = new HashMap<>();
        answers.forEach(answer -> surplus.merge(answer.name(), 1, Integer::sum));
        calls.forEach((name, count) -> surplus.merge(name, -count, Integer::sum));
        if (surplus.values().stream().anyMatch(count -> count > 0)) {
            drop(surplus);
        }
        answers.clear();
        calls.clear();
    }

    private void drop(Map<String, Integer> surplus) {
        Set<String> seen = new HashSet<>();
        Map<Integer, Content> changed = new TreeMap<>();
        for (Answer answer : answers) {
            int more = surplus.getOrDefault(answer.name(), 0);
            Span at = answer.at();
            if (more > 0 && !seen.add(words(Json.read(body, at.start(), at.end() - at.start())))) {
                surplus.put(answer.name(), more - 1);
                answer.content().gone().set(answer.part());
                changed.put(answer.content().place(), answer.content());
            }
        }
        for (Content content : changed.values()) {
            if (content.gone().cardinality() == content.parts().size()) {
                gone.set(content.place());
            } else {
                edits.addAll(Splice.leaveOut(content.parts(), content.gone()::get));
            }
        }
    }

    /** All that an answer says, whatever the order of its own fields. Texts, unlike trees, can be told apart quickly whoever wrote them. */
    static String words(JsonNode answer) {
        ObjectNode sorted = Json.object();
        answer.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> sorted.set(field.getKey(), field.getValue()));
        return Json.text(sorted);
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser) {
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }
}
