package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.json.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the tools of a provider's own out of a request: searches of the web, code that it runs, computers, remote servers. Not for
 * the hot path: the body is written anew.
 *
 * @param isHosted whether a type of tool is the provider's own work
 * @param fields what asks for such work beside the tools
 */
public record HostedTools(Predicate<String> isHosted, List<String> fields) {

    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";

    /** Whether choices of these types are about functions. */
    private static final Set<String> OF_FUNCTIONS =
            Set.of("auto", "none", "any", "tool", "function", "custom", "allowed_tools");

    /** What brings tools among the items of a conversation; others only tell of some. */
    private static final Set<String> BRINGING = Set.of("additional_tools", "tool_search_output");

    /**
     * The body without them.
     *
     * @throws io.omniroute.translators.error.ApiException PERMISSION_DENIED if the model is told to use one of them
     */
    public byte[] without(byte[] body) {
        ObjectNode request = Json.requestObject(body);
        fields.forEach(request::remove);
        Set<String> gone = new LinkedHashSet<>();
        for (String list : List.of(TOOLS, "input")) {
            remove(request.path(list), list.equals(TOOLS), gone);
        }
        JsonNode choice = request.path(CHOICE);
        if (choice.get(TOOLS) instanceof ArrayNode allowed) {
            allowed.removeIf(this::isHosted);
        }
        boolean inside = request.path("input")
                .valueStream()
                .anyMatch(item -> BRINGING.contains(item.path("type").asString(""))
                        && !item.path(TOOLS).isEmpty());
        boolean nothingLeft = request.path(TOOLS).isEmpty() && !inside;
        if (!gone.isEmpty() && isForced(choice, nothingLeft, gone)) {
            throw denied(gone);
        }
        if (request.path(TOOLS).isEmpty()) {
            request.remove(TOOLS);
        }
        if (nothingLeft) {
            List.of(CHOICE, "parallel_tool_calls").forEach(request::remove);
        }
        return Json.bytes(request);
    }

    /**
     * Leaves out those in a list, and in whatever of it has tools of its own: namespaces, and items of the conversation that bring some.
     *
     * @param areTools whether the list itself is one of tools
     */
    private void remove(JsonNode list, boolean areTools, Set<String> gone) {
        if (areTools && list instanceof ArrayNode tools) {
            tools.removeIf(tool -> {
                boolean hosted = isHosted(tool);
                if (hosted) {
                    gone.add(tool.path("name").asString(tool.path("type").asString("")));
                }
                return hosted;
            });
        }
        for (JsonNode one : list) {
            if (one.path(TOOLS).isArray()) {
                remove(one.path(TOOLS), true, gone);
            }
        }
    }

    /** The refusal of tools that an API key may not use. */
    public static RuntimeException denied(Iterable<String> kinds) {
        return ApiError.of(
                        ErrorKind.PERMISSION_DENIED,
                        "this API key may not use tools that the provider runs (" + String.join(", ", kinds)
                                + "); it needs the scope hosted-tools")
                .exception();
    }

    private boolean isHosted(JsonNode tool) {
        return isHosted.test(tool.path("type").asString(""));
    }

    private static boolean isForced(JsonNode choice, boolean nothingLeft, Set<String> gone) {
        String mode =
                choice.isString() ? choice.stringValue() : choice.path("type").asString("auto");
        boolean named = gone.contains(choice.path("name").asString(""));
        boolean some = mode.equals("any") || mode.equals("required");
        boolean ofAnother = choice.isObject() && !OF_FUNCTIONS.contains(mode);
        boolean emptied = choice.get(TOOLS) instanceof ArrayNode allowed && allowed.isEmpty();
        return named || ofAnother || emptied || (some && nothingLeft);
    }
}
