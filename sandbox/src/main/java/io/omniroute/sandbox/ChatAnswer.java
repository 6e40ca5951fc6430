package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the sandbox answers to a chat request: text, or tool calls when the request has tools and the last message is not a
 * tool's result. The same request always gets the same answer.
 */
record ChatAnswer(String id, String model, int choices, String text, List<ToolCall> toolCalls, long inputTokens) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String[] WORDS =
            ("the sandbox answers every question with calm and with words that mean little" + " but arrive in order")
                    .split(" ");

    /** A tool call with its arguments as JSON text. */
    record ToolCall(String id, String name, String arguments) {}

    static ChatAnswer to(JsonNode request, Orders orders) {
        List<ToolCall> calls = toolCalls(request, orders.has(Behaviour.PARALLEL));
        String text = calls.isEmpty() ? text(request, orders) : "";
        long input = tokens(request.path("messages").toString())
                + tokens(request.path("tools").toString());
        return new ChatAnswer(
                "chatcmpl-sandbox" + Integer.toHexString(request.toString().hashCode()),
                request.path("model").asString(""),
                request.path("n").asInt(1),
                text,
                calls,
                input);
    }

    static long tokens(String text) {
        return text.isEmpty() ? 0 : text.length() / 4 + 1;
    }

    long outputTokens() {
        return choices
                * (tokens(text)
                        + toolCalls.stream()
                                .mapToLong(call -> tokens(call.arguments()) + 5)
                                .sum());
    }

    String finishReason() {
        return toolCalls.isEmpty() ? "stop" : "tool_calls";
    }

    /** The whole answer. */
    String whole(boolean usage) {
        ObjectNode root = root("chat.completion");
        ArrayNode all = root.putArray("choices");
        for (int i = 0; i < choices; i++) {
            ObjectNode choice = all.addObject().put("index", i);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            message.put("content", toolCalls.isEmpty() ? text : null);
            message.putNull("refusal");
            if (!toolCalls.isEmpty()) {
                ArrayNode calls = message.putArray("tool_calls");
                toolCalls.forEach(call -> toolCall(calls.addObject(), call, call.arguments()));
            }
            choice.putNull("logprobs");
            choice.put("finish_reason", finishReason());
        }
        if (usage) {
            usage(root);
        }
        return root.toString();
    }

    /** The events of the answer as JSON, without framing and terminator; content in pieces of a few words. */
    List<String> events(boolean usage, boolean finish) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < choices; i++) {
            ObjectNode first = JSON.createObjectNode().put("role", "assistant");
            first.put("content", toolCalls.isEmpty() ? "" : null);
            events.add(chunk(i, first, false));
        }
        for (String piece : pieces(text)) {
            for (int i = 0; i < choices; i++) {
                events.add(chunk(i, JSON.createObjectNode().put("content", piece), false));
            }
        }
        for (int call = 0; call < toolCalls.size(); call++) {
            toolEvents(call, events);
        }
        for (int i = 0; finish && i < choices; i++) {
            events.add(chunk(i, JSON.createObjectNode(), true));
        }
        if (usage) {
            ObjectNode last = root("chat.completion.chunk");
            last.putArray("choices");
            usage(last);
            events.add(last.toString());
        }
        return events;
    }

    private void toolEvents(int number, List<String> events) {
        ToolCall call = toolCalls.get(number);
        ObjectNode start = JSON.createObjectNode();
        toolCall(start.putArray("tool_calls").addObject().put("index", number), call, "");
        events.add(chunk(0, start, false));
        for (String piece : pieces(call.arguments())) {
            ObjectNode delta = JSON.createObjectNode();
            delta.putArray("tool_calls")
                    .addObject()
                    .put("index", number)
                    .putObject("function")
                    .put("arguments", piece);
            events.add(chunk(0, delta, false));
        }
    }

    private String chunk(int choice, ObjectNode delta, boolean finish) {
        ObjectNode root = root("chat.completion.chunk");
        ObjectNode entry = root.putArray("choices").addObject().put("index", choice);
        entry.set("delta", delta);
        entry.putNull("logprobs");
        entry.put("finish_reason", finish ? finishReason() : null);
        return root.toString();
    }

    private ObjectNode root(String object) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", 1_767_225_600)
                .put("model", model)
                .put("system_fingerprint", "fp_sandbox");
    }

    private void usage(ObjectNode root) {
        ObjectNode usage = root.putObject("usage");
        usage.put("prompt_tokens", inputTokens);
        usage.put("completion_tokens", outputTokens());
        usage.put("total_tokens", inputTokens + outputTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
    }

    private static void toolCall(ObjectNode node, ToolCall call, String arguments) {
        node.put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int space = text.indexOf(' ', at + 1);
            int end = space < 0 ? text.length() : space;
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private static List<ToolCall> toolCalls(JsonNode request, boolean all) {
        JsonNode tools = request.path("tools");
        JsonNode choice = request.path("tool_choice");
        JsonNode messages = request.path("messages");
        boolean answered =
                messages.get(messages.size() - 1).path("role").asString("").equals("tool");
        if (tools.isEmpty() || choice.asString("").equals("none") || answered) {
            return List.of();
        }
        String named = choice.path("function").path("name").asString("");
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode tool : tools) {
            JsonNode function = tool.path("function");
            String name = function.path("name").asString("");
            if ((named.isEmpty() || named.equals(name)) && (all || calls.isEmpty())) {
                String arguments = FromSchema.value(function.path("parameters")).toString();
                calls.add(new ToolCall("call_sandbox" + calls.size() + "_" + name.length(), name, arguments));
            }
        }
        return calls;
    }

    private static String text(JsonNode request, Orders orders) {
        JsonNode format = request.path("response_format");
        String type = format.path("type").asString("text");
        if (type.equals("json_schema")) {
            return FromSchema.value(format.path("json_schema").path("schema")).toString();
        }
        if (type.equals("json_object")) {
            return "{\"answer\": \"the sandbox says yes\"}";
        }
        if (orders.has(Behaviour.WORDS)) {
            return IntStream.range(0, orders.number(Behaviour.WORDS).orElse(0))
                    .mapToObj(i -> WORDS[i % WORDS.length])
                    .collect(Collectors.joining(" "));
        }
        return "You said: " + lastText(request.path("messages")) + " And the sandbox says: all is well.";
    }

    private static String lastText(JsonNode messages) {
        JsonNode content = messages.get(messages.size() - 1).path("content");
        if (content.isArray()) {
            return content.valueStream()
                    .map(part ->
                            part.path("text").asString("[" + part.path("type").asString("part") + "]"))
                    .collect(Collectors.joining(" "));
        }
        return content.asString("");
    }
}
