package io.omniroute.translators.format;

import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Tool;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Names of functions' parameters that a provider refuses, and a whole request for them: it is told others, and the arguments of its calls
 * get the client's own back. An other name depends on the client's alone.
 */
final class ParameterNames {

    static final ParameterNames NONE = new ParameterNames(Map.of());

    private static final Pattern STRANGE = Pattern.compile("[^a-zA-Z0-9_.-]");
    private static final int READABLE = 40;

    /** By the name of the function, the other names by the client's own. */
    private final Map<String, Map<String, String>> others;

    private ParameterNames(Map<String, Map<String, String>> others) {
        this.others = others;
    }

    /** Those of a request's functions that are not accepted. */
    static ParameterNames of(ChatRequest request, Predicate<String> accepted) {
        Map<String, Map<String, String>> all = new HashMap<>();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function && function.schema() != null) {
                Map<String, String> names = new LinkedHashMap<>();
                collect(function.schema(), accepted, names);
                if (!names.isEmpty()) {
                    all.put(function.name(), names);
                }
            }
        }
        return new ParameterNames(all);
    }

    private static void collect(JsonNode schema, Predicate<String> accepted, Map<String, String> names) {
        FunctionSchemas.any(schema, inner -> {
            add(inner, accepted, names);
            return false;
        });
    }

    private static void add(ObjectNode schema, Predicate<String> accepted, Map<String, String> names) {
        if (schema.path("properties") instanceof ObjectNode properties) {
            for (String name : properties.propertyNames()) {
                if (!accepted.test(name)) {
                    names.put(name, other(name));
                }
            }
        }
    }

    private static String other(String name) {
        String readable = STRANGE.matcher(name).replaceAll("_");
        readable = readable.substring(0, Math.min(READABLE, readable.length()));
        return IdRule.derived(name, readable + "_", readable.length() + 9);
    }

    /** The request with the other names, in schemas and in the calls of its history; itself if there are none. */
    ChatRequest told(ChatRequest request) {
        if (others.isEmpty()) {
            return request;
        }
        List<Tool> tools = request.tools().stream().map(this::tool).toList();
        List<Message> messages = request.messages().stream()
                .map(message ->
                        message.with(message.parts().stream().map(this::part).toList()))
                .toList();
        return request.change().messages(messages).tools(tools).build();
    }

    /** Whether calls of a function have other names for the provider. */
    boolean has(@Nullable String function) {
        return function != null && others.containsKey(function);
    }

    /** Arguments of a call as the client knows them; what is not whole JSON keeps its other parts. */
    String restored(@Nullable String function, String arguments) {
        Map<String, String> own = new HashMap<>();
        others.getOrDefault(function, Map.of()).forEach((name, other) -> own.put('"' + other + '"', name));
        return own.isEmpty()
                ? arguments
                : QUOTED.matcher(arguments).replaceAll(found -> {
                    String name = own.get(found.group(1));
                    return Matcher.quoteReplacement(name == null ? found.group(1) : quoted(name)) + "$2";
                });
    }

    private Tool tool(Tool tool) {
        if (!(tool instanceof Tool.Function function)
                || function.schema() == null
                || !others.containsKey(function.name())) {
            return tool;
        }
        JsonNode schema = function.schema().deepCopy();
        rename(schema, others.getOrDefault(function.name(), Map.of()));
        return new Tool.Function(
                function.name(), function.description(), schema, function.strict(), function.cache(), function.extra());
    }

    private static void rename(JsonNode schema, Map<String, String> names) {
        if (schema instanceof ObjectNode object && object.path("properties") instanceof ObjectNode properties) {
            ObjectNode renamed = Json.object();
            properties
                    .properties()
                    .forEach(property ->
                            renamed.set(names.getOrDefault(property.getKey(), property.getKey()), property.getValue()));
            object.set("properties", renamed);
            for (String list : List.of("required", "propertyOrdering")) {
                if (object.path(list) instanceof ArrayNode listed) {
                    ArrayNode told = object.putArray(list);
                    listed.forEach(name -> told.add(names.getOrDefault(name.asString(""), name.asString(""))));
                }
            }
        }
        if (schema.path("dependentRequired") instanceof ObjectNode dependent) {
            ObjectNode told = ((ObjectNode) schema).putObject("dependentRequired");
            dependent.properties().forEach(entry -> {
                ArrayNode others = told.putArray(names.getOrDefault(entry.getKey(), entry.getKey()));
                entry.getValue().forEach(name -> others.add(names.getOrDefault(name.asString(""), name.asString(""))));
            });
        }
        FunctionSchemas.inside(schema).forEach(inner -> rename(inner, names));
    }

    private Part part(Part part) {
        if (!(part instanceof Part.ToolCall call) || !others.containsKey(call.name())) {
            return part;
        }
        Map<String, String> told = new HashMap<>();
        others.getOrDefault(call.name(), Map.of()).forEach((name, other) -> told.put(quoted(name), other));
        return call.withArguments(QUOTED.matcher(call.arguments()).replaceAll(found -> {
            // a name is what a colon follows
            String other = found.group(2).isEmpty() ? null : told.get(found.group(1));
            return Matcher.quoteReplacement(other == null ? found.group(1) : '"' + other + '"') + "$2";
        }));
    }

    /** A string of JSON, with the colon behind it that makes it a name. */
    private static final Pattern QUOTED = Pattern.compile(
            // what is cut off is read to its end, too, so that nobody begins again in its middle
            "(\"(?:[^\"\\\\]++|\\\\.)*+(?:\"|\\\\?\\z))((?:\\s*+:)?)", Pattern.DOTALL);

    private static String quoted(String name) {
        return Json.text(Json.string(name));
    }
}
