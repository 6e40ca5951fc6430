package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages. */
final class MessagesDialect implements Dialect {

    static final String SIGNATURE = "c2FuZGJveC1zaWduYXR1cmU=";

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void check(JsonNode request, String model) {
        MessagesRules.check(request);
    }

    /** What calls tools must have been thought about, where the model is told to think. */
    @Override
    public boolean thinks(JsonNode request) {
        return request.path("thinking").path("type").asString("").equals("enabled")
                && !request.path("tools").isEmpty();
    }

    @Override
    public Asked asked(JsonNode request, String model) {
        JsonNode messages = request.path("messages");
        JsonNode last = messages.get(messages.size() - 1).path("content");
        int rounds = (int) messages.valueStream()
                .filter(message -> message.path("content")
                        .valueStream()
                        .anyMatch(block -> block.path("type").asString("").equals("tool_use")))
                .count();
        JsonNode choice = request.path("tool_choice");
        JsonNode format = request.path("output_config").path("format");
        return new Asked(
                model,
                1,
                request.path("tools")
                        .valueStream()
                        .filter(tool -> tool.path("type").asString("custom").equals("custom"))
                        .map(tool -> new Asked.Tool(tool.path("name").asString(""), tool.path("input_schema")))
                        .toList(),
                choice.path("type").asString("").equals("none"),
                choice.path("type").asString("").equals("tool")
                        ? choice.path("name").asString("")
                        : "",
                last.isArray()
                        && last.valueStream()
                                .anyMatch(
                                        block -> block.path("type").asString("").equals("tool_result")),
                rounds,
                lastText(last),
                format.path("schema").isObject() ? format.path("schema") : null,
                false,
                messages.toString() + request.path("system") + request.path("tools"),
                false,
                false,
                searches(request));
    }

    @Override
    public String whole(Answer answer, boolean usage) {
        ObjectNode message = message(answer, usage);
        ArrayNode content = (ArrayNode) message.get("content");
        if (!answer.thought().isEmpty()) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", answer.thought())
                    .put("signature", SIGNATURE);
        }
        if (answer.paused()) {
            searched(answer).forEach(content::add);
        } else if (!answer.text().isEmpty()) {
            ObjectNode block = content.addObject().put("type", "text").put("text", answer.text());
            if (answer.cited()) {
                block.putArray("citations").add(citation());
            }
        }
        for (Answer.ToolCall call : answer.toolCalls()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", call.id())
                    .put("name", call.name())
                    .set("input", JSON.readTree(call.arguments()));
        }
        message.put("stop_reason", stopReason(answer));
        if (usage) {
            ((ObjectNode) message.get("usage")).put("output_tokens", answer.outputTokens());
        }
        return message.toString();
    }

    @Override
    public List<String> events(Answer answer, boolean usage, boolean finish) {
        List<String> events = new ArrayList<>();
        ObjectNode start = JSON.createObjectNode();
        start.set("message", message(answer, usage));
        events.add(event("message_start", start));
        int index = 0;
        if (!answer.thought().isEmpty()) {
            ObjectNode block = JSON.createObjectNode()
                    .put("type", "thinking")
                    .put("thinking", "")
                    .put("signature", "");
            events.add(blockStart(index, block));
            events.add(event("ping", JSON.createObjectNode()));
            for (String piece : Answer.pieces(answer.thought())) {
                events.add(delta(index, "thinking_delta", "thinking", piece));
            }
            events.add(delta(index, "signature_delta", "signature", SIGNATURE));
            events.add(blockStop(index++));
        }
        if (answer.paused()) {
            for (ObjectNode block : searched(answer)) {
                index = searched(index, block, events);
            }
        } else if (!answer.text().isEmpty()) {
            events.add(blockStart(
                    index, JSON.createObjectNode().put("type", "text").put("text", "")));
            if (answer.cited()) {
                ObjectNode fields = JSON.createObjectNode().put("index", index);
                fields.putObject("delta").put("type", "citations_delta").set("citation", citation());
                events.add(event("content_block_delta", fields));
            }
            for (String piece : Answer.pieces(answer.text())) {
                events.add(delta(index, "text_delta", "text", piece));
            }
            events.add(blockStop(index++));
        }
        for (Answer.ToolCall call : answer.toolCalls()) {
            ObjectNode block = JSON.createObjectNode()
                    .put("type", "tool_use")
                    .put("id", call.id())
                    .put("name", call.name());
            block.putObject("input");
            events.add(blockStart(index, block));
            events.add(delta(index, "input_json_delta", "partial_json", ""));
            for (String piece : Answer.pieces(call.arguments())) {
                events.add(delta(index, "input_json_delta", "partial_json", piece));
            }
            events.add(blockStop(index++));
        }
        if (finish) {
            ObjectNode end = JSON.createObjectNode();
            end.putObject("delta").put("stop_reason", stopReason(answer)).putNull("stop_sequence");
            if (usage) {
                end.putObject("usage")
                        .put("input_tokens", answer.inputTokens())
                        .put("output_tokens", answer.outputTokens());
            }
            events.add(event("message_delta", end));
        }
        return events;
    }

    @Override
    public String terminator() {
        return event("message_stop", JSON.createObjectNode());
    }

    @Override
    public String error(VendorError error) {
        ObjectNode root = JSON.createObjectNode().put("type", "error");
        root.putObject("error").put("type", type(error)).put("message", error.message());
        return root.put("request_id", "req_sandbox").toString();
    }

    @Override
    public String errorEvent(VendorError error) {
        return "event: error\ndata: " + error(error);
    }

    private static String type(VendorError error) {
        return switch (error.status()) {
            case 400 -> "invalid_request_error";
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> "api_error";
        };
    }

    private static ObjectNode message(Answer answer, boolean usage) {
        ObjectNode message = JSON.createObjectNode()
                .put("id", "msg_" + answer.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", answer.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        if (usage) {
            message.putObject("usage")
                    .put("input_tokens", answer.inputTokens())
                    .put("cache_creation_input_tokens", 0)
                    .put("cache_read_input_tokens", 0)
                    .put("output_tokens", 1);
        }
        return message;
    }

    /** How often the model has searched in the turn at the end; -1 where it has no search. */
    private static int searches(JsonNode request) {
        boolean may = request.path("tools")
                .valueStream()
                .anyMatch(tool -> tool.path("type").asString("").startsWith("web_search_"));
        JsonNode messages = request.path("messages");
        JsonNode last = messages.get(messages.size() - 1);
        long searched = last.path("role").asString("").equals("assistant")
                ? last.path("content")
                        .valueStream()
                        .filter(block -> block.path("type").asString("").equals("server_tool_use"))
                        .count()
                : 0;
        return may ? (int) searched : -1;
    }

    /** What a turn that pauses has: the beginning of a text, and a search with what it found. */
    private static List<ObjectNode> searched(Answer answer) {
        String id = "srvtoolu_" + answer.id();
        ObjectNode call = JSON.createObjectNode()
                .put("type", "server_tool_use")
                .put("id", id)
                .put("name", "web_search");
        call.putObject("input").put("query", "sandbox");
        ObjectNode result =
                JSON.createObjectNode().put("type", "web_search_tool_result").put("tool_use_id", id);
        result.putArray("content")
                .addObject()
                .put("type", "web_search_result")
                .put("url", Answer.SOURCE)
                .put("title", Answer.SOURCE_TITLE)
                .put("encrypted_content", SIGNATURE);
        return List.of(JSON.createObjectNode().put("type", "text").put("text", "Let me search. "), call, result);
    }

    private static int searched(int index, ObjectNode block, List<String> events) {
        ObjectNode begun = block.deepCopy();
        switch (block.path("type").asString()) {
            case "text" -> {
                events.add(blockStart(index, begun.put("text", "")));
                events.add(delta(index, "text_delta", "text", block.path("text").asString()));
            }
            case "server_tool_use" -> {
                begun.putObject("input");
                events.add(blockStart(index, begun));
                events.add(delta(
                        index,
                        "input_json_delta",
                        "partial_json",
                        block.path("input").toString()));
            }
            default -> events.add(blockStart(index, begun));
        }
        events.add(blockStop(index));
        return index + 1;
    }

    private static ObjectNode citation() {
        return JSON.createObjectNode()
                .put("type", "web_search_result_location")
                .put("url", Answer.SOURCE)
                .put("title", Answer.SOURCE_TITLE)
                .put("cited_text", "All is well.")
                .put("encrypted_index", SIGNATURE);
    }

    private static String stopReason(Answer answer) {
        if (answer.paused()) {
            return "pause_turn";
        }
        return answer.toolCalls().isEmpty() ? "end_turn" : "tool_use";
    }

    private static String blockStart(int index, ObjectNode block) {
        ObjectNode fields = JSON.createObjectNode().put("index", index);
        fields.set("content_block", block);
        return event("content_block_start", fields);
    }

    private static String blockStop(int index) {
        return event("content_block_stop", JSON.createObjectNode().put("index", index));
    }

    private static String delta(int index, String type, String field, String text) {
        ObjectNode fields = JSON.createObjectNode().put("index", index);
        fields.putObject("delta").put("type", type).put(field, text);
        return event("content_block_delta", fields);
    }

    private static String event(String type, ObjectNode fields) {
        ObjectNode data = JSON.createObjectNode().put("type", type);
        data.setAll(fields);
        return "event: " + type + "\ndata: " + data;
    }

    private static String lastText(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        return content.valueStream()
                .map(block -> block.path("type").asString("").equals("tool_result")
                        ? lastText(block.path("content"))
                        : block.path("text").asString("[" + block.path("type").asString("block") + "]"))
                .collect(Collectors.joining(" "));
    }
}
