package io.omniroute.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's Chat Completions. */
final class ChatDialect implements Dialect {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void check(JsonNode request, String model) {
        ChatRules.check(request, model);
    }

    @Override
    public Asked asked(JsonNode request, String model) {
        JsonNode messages = request.path("messages");
        JsonNode last = messages.get(messages.size() - 1);
        JsonNode format = request.path("response_format");
        String type = format.path("type").asString("text");
        int rounds = (int) messages.valueStream()
                .filter(message -> !message.path("tool_calls").isEmpty())
                .count();
        return new Asked(
                model,
                request.path("n").asInt(1),
                request.path("tools")
                        .valueStream()
                        .filter(tool -> tool.has("function"))
                        .map(tool -> tool.path("function"))
                        .map(function ->
                                new Asked.Tool(function.path("name").asString(""), function.path("parameters")))
                        .toList(),
                request.path("tool_choice").asString("").equals("none"),
                request.path("tool_choice").path("function").path("name").asString(""),
                last.path("role").asString("").equals("tool"),
                rounds,
                lastText(last),
                type.equals("json_schema") ? format.path("json_schema").path("schema") : null,
                type.equals("json_object"),
                messages.toString()
                        + (request.has("tools") ? request.path("tools").toString() : ""),
                request.path("logprobs").asBoolean(false),
                false,
                -1);
    }

    @Override
    public String terminator() {
        return "data: [DONE]";
    }

    @Override
    public String error(VendorError error) {
        return error.json();
    }

    @Override
    public String errorEvent(VendorError error) {
        return "data: " + error.json();
    }

    @Override
    public String whole(Answer answer, boolean usage) {
        ObjectNode root = root(answer, "chat.completion");
        ArrayNode all = root.putArray("choices");
        for (int i = 0; i < answer.choices(); i++) {
            ObjectNode choice = all.addObject().put("index", i);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            message.put("content", answer.toolCalls().isEmpty() ? answer.text() : null);
            if (!answer.thought().isEmpty()) {
                message.put("reasoning_content", answer.thought());
            }
            message.putNull("refusal");
            if (!answer.toolCalls().isEmpty()) {
                ArrayNode calls = message.putArray("tool_calls");
                answer.toolCalls().forEach(call -> toolCall(calls.addObject(), call, call.arguments()));
            }
            if (answer.cited()) {
                message.set("annotations", annotations(answer));
            }
            if (answer.likelihoods()) {
                logprobs(choice, Answer.pieces(answer.text()));
            } else {
                choice.putNull("logprobs");
            }
            choice.put("finish_reason", finishReason(answer));
        }
        if (usage) {
            usage(answer, root);
        }
        return root.toString();
    }

    @Override
    public List<String> events(Answer answer, boolean usage, boolean finish) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < answer.choices(); i++) {
            ObjectNode first = JSON.createObjectNode().put("role", "assistant");
            first.put("content", answer.toolCalls().isEmpty() ? "" : null);
            events.add("data: " + chunk(answer, i, first, false));
        }
        for (String piece : Answer.pieces(answer.thought())) {
            events.add("data: " + chunk(answer, 0, JSON.createObjectNode().put("reasoning_content", piece), false));
        }
        for (String piece : Answer.pieces(answer.text())) {
            for (int i = 0; i < answer.choices(); i++) {
                events.add("data: " + chunk(answer, i, JSON.createObjectNode().put("content", piece), false));
            }
        }
        if (answer.cited()) {
            ObjectNode delta = JSON.createObjectNode();
            delta.set("annotations", annotations(answer));
            events.add("data: " + chunk(answer, 0, delta, false));
        }
        for (int call = 0; call < answer.toolCalls().size(); call++) {
            toolEvents(answer, call, events);
        }
        for (int i = 0; finish && i < answer.choices(); i++) {
            events.add("data: " + chunk(answer, i, JSON.createObjectNode(), true));
        }
        if (usage) {
            ObjectNode last = root(answer, "chat.completion.chunk");
            last.putArray("choices");
            usage(answer, last);
            events.add("data: " + last);
        }
        return events;
    }

    private static void toolEvents(Answer answer, int number, List<String> events) {
        Answer.ToolCall call = answer.toolCalls().get(number);
        ObjectNode start = JSON.createObjectNode();
        toolCall(start.putArray("tool_calls").addObject().put("index", number), call, "");
        events.add("data: " + chunk(answer, 0, start, false));
        for (String piece : Answer.pieces(call.arguments())) {
            ObjectNode delta = JSON.createObjectNode();
            delta.putArray("tool_calls")
                    .addObject()
                    .put("index", number)
                    .putObject("function")
                    .put("arguments", piece);
            events.add("data: " + chunk(answer, 0, delta, false));
        }
    }

    private static String chunk(Answer answer, int choice, ObjectNode delta, boolean finish) {
        ObjectNode root = root(answer, "chat.completion.chunk");
        ObjectNode entry = root.putArray("choices").addObject().put("index", choice);
        entry.set("delta", delta);
        if (answer.likelihoods() && delta.path("content").asString("").length() > 0) {
            logprobs(entry, List.of(delta.path("content").asString()));
        } else {
            entry.putNull("logprobs");
        }
        entry.put("finish_reason", finish ? finishReason(answer) : null);
        return root.toString();
    }

    private static ArrayNode annotations(Answer answer) {
        ArrayNode annotations = JSON.createArrayNode();
        annotations
                .addObject()
                .put("type", "url_citation")
                .putObject("url_citation")
                .put("start_index", 0)
                .put("end_index", answer.text().codePointCount(0, answer.text().length()))
                .put("url", Answer.SOURCE)
                .put("title", Answer.SOURCE_TITLE);
        return annotations;
    }

    private static void logprobs(ObjectNode choice, List<String> tokens) {
        ObjectNode logprobs = choice.putObject("logprobs");
        logprobs.set("content", likelihoods(tokens));
        logprobs.putNull("refusal");
    }

    /** Tokens as both of OpenAI's formats describe them. */
    static ArrayNode likelihoods(List<String> tokens) {
        ArrayNode list = JSON.createArrayNode();
        for (String token : tokens) {
            ObjectNode entry = list.addObject().put("token", token).put("logprob", Answer.LIKELIHOOD);
            ArrayNode bytes = entry.putArray("bytes");
            for (byte octet : token.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(octet & 0xff);
            }
            entry.putArray("top_logprobs");
        }
        return list;
    }

    private static ObjectNode root(Answer answer, String object) {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-" + answer.id())
                .put("object", object)
                .put("created", 1_767_225_600)
                .put("model", answer.model())
                .put("system_fingerprint", "fp_sandbox");
    }

    private static void usage(Answer answer, ObjectNode root) {
        ObjectNode usage = root.putObject("usage");
        usage.put("prompt_tokens", answer.inputTokens());
        usage.put("completion_tokens", answer.outputTokens());
        usage.put("total_tokens", answer.inputTokens() + answer.outputTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
    }

    private static void toolCall(ObjectNode node, Answer.ToolCall call, String arguments) {
        node.put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
    }

    private static String finishReason(Answer answer) {
        return answer.toolCalls().isEmpty() ? "stop" : "tool_calls";
    }

    private static String lastText(JsonNode message) {
        JsonNode content = message.path("content");
        if (content.isArray()) {
            return content.valueStream()
                    .map(part ->
                            part.path("text").asString("[" + part.path("type").asString("part") + "]"))
                    .collect(Collectors.joining(" "));
        }
        return content.asString("");
    }
}
