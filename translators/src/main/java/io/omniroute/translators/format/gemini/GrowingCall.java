package io.omniroute.translators.format.gemini;

import io.omniroute.translators.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A call whose arguments come as values at paths ({@code $.recipe.steps[0]}); texts may come in several pieces. */
final class GrowingCall {

    private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d+)]|\\['([^']*)']");
    private static final int DEEPEST = 128;
    private static final int MOST_EMPTY = 16;

    private final ObjectNode call;
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
        call.set("args", arguments);
        return call;
    }

    private static void put(JsonNode container, List<String> steps, int at, JsonNode argument) {
        String step = steps.get(at);
        JsonNode known = get(container, step);
        if (at == steps.size() - 1) {
            set(container, step, value(known, argument));
            return;
        }
        boolean array = steps.get(at + 1).startsWith("[");
        JsonNode inner = known.isContainer() ? known : array ? Json.array() : Json.object();
        set(container, step, inner);
        put(inner, steps, at + 1, argument);
    }

    private static JsonNode get(JsonNode container, String step) {
        return step.startsWith("[") ? container.path(Integer.parseInt(step.substring(1))) : container.path(step);
    }

    private static void set(JsonNode container, String step, JsonNode value) {
        if (container instanceof ObjectNode object) {
            object.set(step, value);
        } else if (container instanceof ArrayNode array && step.startsWith("[")) {
            int index = Integer.parseInt(step.substring(1));
            // they come one after another, but for those that have nothing in them
            while (array.size() <= index && index - array.size() < MOST_EMPTY) {
                array.addNull();
            }
            if (index < array.size()) {
                array.set(index, value);
            }
        }
    }

    private static JsonNode value(JsonNode known, JsonNode argument) {
        if (argument.has("stringValue")) {
            String piece = argument.path("stringValue").asString("");
            return Json.string(known.isString() ? known.stringValue() + piece : piece);
        }
        for (String name : List.of("numberValue", "boolValue")) {
            if (argument.has(name)) {
                return argument.get(name);
            }
        }
        return Json.array().addNull().get(0);
    }
}
