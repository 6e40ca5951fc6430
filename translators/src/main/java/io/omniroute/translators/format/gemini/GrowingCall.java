package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** A call whose arguments come as values at paths ({@code $.recipe.steps[0]}); texts may come in several pieces. */
final class GrowingCall {

    private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d+)]|\\['([^']*)']");
    private static final int DEEPEST = 128;
    private static final int MOST_EMPTY = 16;

    /** A text that may grow: what stands in its place until the call is whole. */
    private record Text(JsonNode container, String step, POJONode place, StringBuilder text) {}

    private final ObjectNode call;
    private final Map<JsonNode, Text> texts = new IdentityHashMap<>();
    private final ObjectNode arguments = Json.object();

    /** @param beginning the piece with the name */
    GrowingCall(JsonNode beginning) {
        call = Json.object();
        for (String name : List.of("id", "name")) {
            if (beginning.has(name)) {
                call.set(name, beginning.get(name));
            }
        }
    }

    /** Puts values where they belong. */
    void add(JsonNode partialArguments) {
        for (JsonNode argument : partialArguments) {
            List<String> steps = new ArrayList<>();
            Matcher matcher = STEP.matcher(argument.path("jsonPath").asString(""));
            while (matcher.find()) {
                steps.add(
                        matcher.group(1) != null
                                ? matcher.group(1)
                                : matcher.group(2) != null ? "[" + matcher.group(2) : matcher.group(3));
            }
            if (!steps.isEmpty() && steps.size() <= DEEPEST) {
                put(arguments, steps, 0, argument);
            }
        }
    }

    /** The call with all of its arguments. */
    ObjectNode whole() {
        for (Text text : texts.values()) {
            // some were replaced by other values
            if (get(text.container(), text.step()) == text.place()) {
                set(text.container(), text.step(), Json.string(text.text().toString()));
            }
        }
        call.set("args", arguments);
        return call;
    }

    private void put(JsonNode container, List<String> steps, int at, JsonNode argument) {
        String step = steps.get(at);
        JsonNode known = get(container, step);
        if (at == steps.size() - 1) {
            if (argument.has("stringValue")) {
                grow(container, step, known, argument.path("stringValue").asString(""));
            } else {
                set(container, step, value(argument));
            }
            return;
        }
        boolean array = steps.get(at + 1).startsWith("[");
        JsonNode inner = known.isContainer() ? known : array ? Json.array() : Json.object();
        set(container, step, inner);
        put(inner, steps, at + 1, argument);
    }

    /** A place in a list; what is no number that can be is beyond all that may be. */
    private static int index(String step) {
        try {
            return Integer.parseInt(step.substring(1));
        } catch (NumberFormatException odd) {
            return Integer.MAX_VALUE;
        }
    }

    private static JsonNode get(JsonNode container, String step) {
        return step.startsWith("[") ? container.path(index(step)) : container.path(step);
    }

    private static void set(JsonNode container, String step, JsonNode value) {
        if (container instanceof ObjectNode object) {
            object.set(step, value);
        } else if (container instanceof ArrayNode array && step.startsWith("[")) {
            int index = index(step);
            // they come one after another, but for those that have nothing in them
            while (array.size() <= index && index - array.size() < MOST_EMPTY) {
                array.addNull();
            }
            if (index < array.size()) {
                array.set(index, value);
            }
        }
    }

    private void grow(JsonNode container, String step, JsonNode known, String piece) {
        Text text = texts.get(known);
        if (text == null) {
            StringBuilder begun = new StringBuilder(known.isString() ? known.stringValue() : "");
            POJONode place = new POJONode(begun);
            text = new Text(container, step, place, begun);
            texts.put(place, text);
            set(container, step, place);
        }
        text.text().append(piece);
    }

    private static JsonNode value(JsonNode argument) {
        for (String name : List.of("numberValue", "boolValue")) {
            if (argument.has(name)) {
                return argument.get(name);
            }
        }
        return Json.array().addNull().get(0);
    }
}
