package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the tools of a client's request, and the choice among them. */
final class ResponsesTools {

    /** Nobody has more tools. */
    private static final int MOST_ALLOWED = 2_000;

    private ResponsesTools() {}

    /** Adds a tool, or all tools of a namespace. */
    static void add(Fields tool, ChatRequest.Builder request) {
        if (!"namespace".equals(tool.string("type"))) {
            request.add(tool(tool, null, Extra.NONE));
            return;
        }
        ObjectNode written = (ObjectNode) tool.object().deepCopy();
        written.remove("tools");
        Extra extra = new Extra(ResponsesFormat.ID, Map.of("namespace", written));
        String namespace = tool.require("name");
        tool.take("description"); // which others are told with the first of its tools
        tool.objects("tools").forEach(inner -> request.add(tool(inner, namespace, extra)));
    }

    private static Tool tool(Fields tool, @Nullable String namespace, Extra extra) {
        String type = tool.require("type");
        return switch (type) {
            case "function" ->
                new Tool.Function(
                        Namespaces.joined(namespace, tool.require("name")),
                        tool.string("description"),
                        tool.take("parameters"),
                        tool.bool("strict"),
                        null,
                        more(extra, tool));
            case "custom" ->
                new Tool.Custom(
                        Namespaces.joined(namespace, tool.require("name")),
                        tool.string("description"),
                        tool.take("format"),
                        more(extra, tool));
            default ->
                type.startsWith("web_search")
                        ? new Tool.WebSearch(ResponsesFormat.ID, tool.whole())
                        : new Tool.Hosted(ResponsesFormat.ID, type, tool.whole());
        };
    }

    /** With what only this format says of a tool. */
    private static Extra more(Extra known, Fields tool) {
        Extra rest = Extra.rest(ResponsesFormat.ID, tool);
        if (rest.fields().isEmpty() || known.fields().isEmpty()) {
            return rest.fields().isEmpty() ? known : rest;
        }
        Map<String, JsonNode> both = new LinkedHashMap<>(rest.fields());
        both.putAll(known.fields());
        return new Extra(ResponsesFormat.ID, both);
    }

    /** Which tools the model must use. */
    static @Nullable ToolChoice choice(Fields fields) {
        JsonNode choice = fields.take("tool_choice");
        if (choice == null) {
            return null;
        }
        if (choice.isString()) {
            return switch (choice.stringValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required" -> new ToolChoice.Required();
                default -> throw fields.invalid("tool_choice", "\"auto\", \"none\", \"required\" or an object");
            };
        }
        if (choice.path("type").asString("").equals("allowed_tools")) {
            List<String> names = choice.path("tools").values().stream()
                    .filter(tool -> tool.path("name").isString())
                    .limit(MOST_ALLOWED)
                    .map(tool -> named(tool, fields))
                    .toList();
            return new ToolChoice.Among(names, choice.path("mode").asString("").equals("required"));
        }
        String name = named(choice, fields);
        String type = choice.path("type").asString("");
        if (name.isEmpty() && hasTool(fields, type)) {
            return new ToolChoice.Hosted(type);
        }
        if (name.isEmpty()) {
            throw fields.invalid("tool_choice", "an object that names a tool");
        }
        return new ToolChoice.Named(name);
    }

    private static boolean hasTool(Fields fields, String type) {
        return all(fields).stream()
                .anyMatch(tool -> tool.path("type").asString("").equals(type));
    }

    /** The tools of the request, and those that its items bring. */
    private static List<JsonNode> all(Fields fields) {
        List<JsonNode> all = new ArrayList<>(fields.object().path("tools").values());
        for (JsonNode item : fields.object().path("input")) {
            if (ToolSearch.brings(item)) {
                all.addAll(item.path("tools").values());
            }
        }
        return all;
    }

    /** A tool's name with its namespace: the one that is said, or the only one that has a tool of that name. */
    private static String named(JsonNode choice, Fields fields) {
        String name = choice.path("name").asString("");
        if (choice.path("namespace").isString()) {
            return Namespaces.joined(choice.path("namespace").stringValue(), name);
        }
        Set<String> namespaces = new LinkedHashSet<>();
        for (JsonNode tool : all(fields)) {
            if (tool.path("name").asString("").equals(name)) {
                return name;
            }
            boolean has = tool.path("tools")
                    .valueStream()
                    .anyMatch(inner -> inner.path("name").asString("").equals(name));
            if (has) {
                namespaces.add(tool.path("name").asString(""));
            }
        }
        return namespaces.size() == 1 ? Namespaces.joined(namespaces.iterator().next(), name) : name;
    }
}
