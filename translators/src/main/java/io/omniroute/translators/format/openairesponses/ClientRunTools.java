package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.json.Arguments;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.DataUrl;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a model of OpenAI's has had the client do by kinds of tools of its own, a shell, patches of files, a computer, for providers of other formats: there
 * it is a call of a function of that name and what came of it. Calls without an answer, and answers without a call, are left as they are. In its
 * own format everything stays as it came.
 */
final class ClientRunTools {

    private static final String LOCAL_SHELL = "local_shell_call";
    private static final String CALL_ID = "call_id";
    private static final String OUTPUT = "_output";

    /** The types of the calls, and where in them it stands what is to be done. */
    private static final Map<String, List<String>> CALLS = Map.of(
            LOCAL_SHELL,
            List.of("action"),
            "shell_call",
            List.of("action"),
            "apply_patch_call",
            List.of("operation"),
            "computer_call",
            List.of("action", "actions"));

    /** By the ids of calls, the types of those that are answered. */
    private final Map<String, String> answered = new HashMap<>();

    private ClientRunTools(ChatRequest request) {
        Map<String, String> called = new HashMap<>();
        Set<String> answers = new HashSet<>();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                if (part instanceof Part.Native raw && raw.format().equals(ResponsesFormat.ID)) {
                    String type = type(raw.raw());
                    if (CALLS.containsKey(type) && isClients(raw.raw())) {
                        called.put(id(raw.raw()), type);
                    } else if (isOutput(type)) {
                        answers.add(id(raw.raw()));
                    }
                } else if (part instanceof Part.ToolResult result) {
                    answers.add(result.callId());
                }
            }
        }
        called.forEach((id, type) -> {
            if (!id.isEmpty() && answers.contains(id)) {
                answered.put(id, type);
            }
        });
    }

    /** The request with such calls as calls of functions; itself if it has none. */
    static ChatRequest told(ChatRequest request) {
        ClientRunTools tools = new ClientRunTools(request);
        if (tools.answered.isEmpty()) {
            return request;
        }
        List<Message> messages = new ArrayList<>();
        request.messages().forEach(message -> tools.turn(message, messages));
        return request.change().messages(messages).build();
    }

    private void turn(Message message, List<Message> messages) {
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (!(part instanceof Part.Native raw)
                    || !raw.format().equals(ResponsesFormat.ID)
                    || !answered.containsKey(id(raw.raw()))) {
                said.add(part);
            } else if (CALLS.containsKey(type(raw.raw()))) {
                said.add(call(raw.raw()));
            } else if (isOutput(type(raw.raw()))) {
                ToolSearch.end(message, said, messages);
                messages.add(Message.of(Role.TOOL, List.of(result(raw.raw())), message.place()));
            } else {
                said.add(part);
            }
        }
        ToolSearch.end(message, said, messages);
    }

    private static Part call(JsonNode item) {
        String type = type(item);
        String name = type.substring(0, type.length() - "_call".length());
        String arguments = CALLS.getOrDefault(type, List.of()).stream()
                .map(item::path)
                .filter(node -> node.isObject() || node.isArray())
                .findFirst()
                .map(done -> done.isObject() ? Arguments.text(done) : "{\"actions\":" + done + "}")
                .orElse("{}");
        return new Part.ToolCall(id(item), name, arguments, false, null, null, Extra.NONE);
    }

    private static Part result(JsonNode item) {
        JsonNode output = item.path("output");
        boolean failed = item.path("status").asString("").equals("failed");
        return new Part.ToolResult(id(item), null, failed, List.of(content(item, output)), false, null);
    }

    /** A picture of the screen is one; what a shell has written and how it ended is said in OpenAI's words. */
    private static Part content(JsonNode item, JsonNode output) {
        if (output.path("image_url").isString()) {
            return new Part.Image(
                    DataUrl.media(output.path("image_url").stringValue(), "image/png"), null, null, Extra.NONE);
        }
        if (output.isString()) {
            return Part.Text.of(output.stringValue());
        }
        return Part.Text.of(
                output.isMissingNode() || output.isNull() ? item.path("status").asString("") : output.toString());
    }

    private static String type(JsonNode item) {
        return item.path("type").asString("");
    }

    /** A shell may also be in a container of OpenAI's, whose work is not told to others. */
    private static boolean isClients(JsonNode call) {
        return call.at("/environment/type").asString("local").equals("local");
    }

    private static boolean isOutput(String type) {
        return type.endsWith(OUTPUT) && CALLS.containsKey(type.substring(0, type.length() - OUTPUT.length()));
    }

    /** Of the call, also in its answer; the first kind of shell has it in its answers under another name. */
    private static String id(JsonNode item) {
        String id = item.path(CALL_ID).asString("");
        return id.isEmpty() && type(item).startsWith(LOCAL_SHELL)
                ? item.path("id").asString("")
                : id;
    }
}
