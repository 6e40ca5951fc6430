package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools that stand among the items of a conversation, for providers of other formats: those that a client brings there, and those that it
 * finds by a search of its own, as Codex does where it has many. For the models of other vendors the search is a function like others, and
 * what it has found are tools like others. In its own format everything stays as it came.
 */
final class ToolSearch {

    static final String CALL = "tool_search_call";

    private static final String NAME = "tool_search";
    private static final String OUTPUT = "tool_search_output";
    private static final String BROUGHT = "additional_tools";
    private static final Set<String> ITEMS = Set.of(CALL, OUTPUT, BROUGHT);

    private ToolSearch() {}

    /** The request with such tools among its own; itself if it has none. */
    static ChatRequest told(ChatRequest request) {
        boolean searches = searches(request);
        boolean brings = request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> isItem(part, searches));
        if (!searches && !brings) {
            return request;
        }
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Tool tool : request.tools()) {
            Tool told = tool instanceof Tool.Hosted hosted && isSearch(hosted) ? function(hosted.raw()) : tool;
            tools.add(told);
            names.add(name(told));
        }
        List<Message> messages = new ArrayList<>();
        for (Message message : request.messages()) {
            turn(message, searches, messages, tools, names);
        }
        return request.change()
                .messages(messages)
                .tools(tools)
                .toolChoice(choice(request.toolChoice(), searches))
                .build();
    }

    /** Who must search calls a function for it. */
    private static @Nullable ToolChoice choice(@Nullable ToolChoice choice, boolean searches) {
        return searches
                        && choice instanceof ToolChoice.Hosted hosted
                        && hosted.kind().equals(NAME)
                ? new ToolChoice.Named(NAME)
                : choice;
    }

    /** Whether an item of a conversation brings tools. */
    static boolean brings(JsonNode item) {
        String type = item.path("type").asString("");
        return type.equals(BROUGHT) || type.equals(OUTPUT);
    }

    /** Whether calls of this name are the client's search. */
    static boolean isCalled(@Nullable String name, ChatRequest request) {
        return NAME.equals(name)
                && request.tools().stream()
                        .anyMatch(tool -> tool instanceof Tool.Function function
                                && function.name().equals(NAME)
                                && written(function) != null);
    }

    /** The search as the client has written it; {@code null} if a function is none. */
    static @Nullable JsonNode written(Tool.Function function) {
        return function.extra().of(ResponsesFormat.ID).get(NAME);
    }

    /** A call of the search, for the client that runs it. */
    static ObjectNode item(String id, String status, @Nullable String callId, String arguments) {
        ObjectNode item = Json.object()
                .put("id", id)
                .put("type", CALL)
                .put("status", status)
                .put("call_id", callId)
                .put("execution", "client");
        item.set("arguments", Arguments.object(arguments));
        return item;
    }

    /** A function of the client's own that has the same name is not mistaken for the search, which may be among what items bring. */
    private static boolean searches(ChatRequest request) {
        List<Tool> tools = new ArrayList<>(request.tools());
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.Native raw && isItem(part, false)) {
                    tools.addAll(brought(raw.raw(), message));
                }
            }
        }
        return tools.stream().anyMatch(tool -> tool instanceof Tool.Hosted hosted && isSearch(hosted))
                && tools.stream().noneMatch(tool -> name(tool).equals(NAME));
    }

    private static boolean isSearch(Tool.Hosted tool) {
        return tool.format().equals(ResponsesFormat.ID) && tool.kind().equals(NAME) && isClients(tool.raw());
    }

    private static boolean isClients(JsonNode written) {
        return written.path("execution").asString("").equals("client");
    }

    private static boolean isItem(Part part, boolean searches) {
        if (!(part instanceof Part.Native raw) || !raw.format().equals(ResponsesFormat.ID)) {
            return false;
        }
        String type = raw.raw().path("type").asString("");
        return ITEMS.contains(type)
                && (type.equals(BROUGHT)
                        || (searches
                                && isClients(raw.raw())
                                && raw.raw().path("call_id").isString()));
    }

    private static Tool function(JsonNode written) {
        return new Tool.Function(
                NAME,
                written.path("description").stringValue(null),
                written.get("parameters") instanceof ObjectNode parameters ? parameters : null,
                null,
                null,
                new Extra(ResponsesFormat.ID, Map.of(NAME, written)));
    }

    private static String name(Tool tool) {
        return switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Custom custom -> custom.name();
            case Tool.WebSearch search -> "";
            case Tool.Hosted hosted -> "";
        };
    }

    private static void turn(
            Message message, boolean searches, List<Message> messages, List<Tool> tools, Set<String> names) {
        if (message.parts().stream().noneMatch(part -> isItem(part, searches))) {
            messages.add(message);
            return;
        }
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (!(part instanceof Part.Native raw) || !isItem(part, searches)) {
                said.add(part);
                continue;
            }
            switch (raw.raw().path("type").asString("")) {
                case CALL -> said.add(call(raw.raw()));
                case OUTPUT -> {
                    end(message, said, messages);
                    messages.add(Message.of(Role.TOOL, List.of(result(raw.raw())), message.place()));
                    bring(brought(raw.raw(), message), tools, names);
                }
                default -> bring(brought(raw.raw(), message), tools, names);
            }
        }
        end(message, said, messages);
    }

    /** Adds what was said since the turn before as a turn of its own. */
    static void end(Message message, List<Part> said, List<Message> messages) {
        if (!said.isEmpty()) {
            messages.add(message.with(List.copyOf(said)));
            said.clear();
        }
    }

    private static Part call(JsonNode item) {
        JsonNode arguments = item.path("arguments");
        String text = arguments.isString()
                ? arguments.stringValue()
                : Arguments.text(arguments.isObject() ? arguments : Json.object());
        return new Part.ToolCall(item.path("call_id").stringValue(), NAME, text, false, null, null, Extra.NONE);
    }

    private static Part result(JsonNode item) {
        String text =
                item.path("tools").isEmpty() ? "No tools were found." : "Tools were found. They are among yours now.";
        return new Part.ToolResult(
                item.path("call_id").stringValue(), null, false, List.of(Part.Text.of(text)), false, null);
    }

    private static List<Tool> brought(JsonNode item, Message message) {
        ChatRequest.Builder brought = new ChatRequest.Builder("");
        if (item instanceof ObjectNode object) {
            Fields.of(message.place().isEmpty() ? "input" : message.place(), object.deepCopy())
                    .objects("tools")
                    .forEach(tool -> ResponsesTools.add(tool, brought));
        }
        return brought.build().tools();
    }

    /** What is there already is not brought again. */
    private static void bring(List<Tool> brought, List<Tool> tools, Set<String> names) {
        for (Tool tool : brought) {
            Tool told = tool instanceof Tool.Hosted hosted && isSearch(hosted) ? function(hosted.raw()) : tool;
            String name = name(told);
            if (name.isEmpty() || names.add(name)) {
                tools.add(told);
            }
        }
    }
}
