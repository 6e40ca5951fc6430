package io.omniroute.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's Responses. */
final class ResponsesDialect implements Dialect {

    static final String ENCRYPTED = "gAAAAsandbox-encrypted";

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void check(JsonNode request, String model) {
        ResponsesRules.check(request);
    }

    @Override
    public Asked asked(JsonNode request, String model) {
        JsonNode input = request.path("input");
        JsonNode last = input.isArray() ? input.get(input.size() - 1) : input;
        String lastType = last.path("type").asString("message");
        JsonNode format = request.path("text").path("format");
        String type = format.path("type").asString("text");
        return new Asked(
                model,
                1,
                request.path("tools")
                        .valueStream()
                        .filter(tool -> tool.path("type").asString("").equals("function"))
                        .map(tool -> new Asked.Tool(tool.path("name").asString(""), tool.path("parameters")))
                        .toList(),
                request.path("tool_choice").asString("").equals("none"),
                request.path("tool_choice").path("name").asString(""),
                lastType.equals("function_call_output"),
                rounds(input),
                lastText(last),
                type.equals("json_schema") ? format.path("schema") : null,
                type.equals("json_object"),
                input.toString() + request.path("instructions") + request.path("tools"),
                request.path("include").toString().contains("message.output_text.logprobs"),
                request.path("store").asBoolean(true),
                -1);
    }

    @Override
    public String whole(Answer answer, boolean usage) {
        return response(answer, "completed", output(answer), usage).toString();
    }

    @Override
    public List<String> events(Answer answer, boolean usage, boolean finish) {
        List<String> events = new ArrayList<>();
        add(
                events,
                "response.created",
                with("response", response(answer, "in_progress", JSON.createArrayNode(), false)));
        add(
                events,
                "response.in_progress",
                with("response", response(answer, "in_progress", JSON.createArrayNode(), false)));
        ArrayNode output = output(answer);
        for (int i = 0; i < output.size(); i++) {
            item(events, i, (ObjectNode) output.get(i));
        }
        if (finish) {
            add(events, "response.completed", with("response", response(answer, "completed", output, usage)));
        }
        return events;
    }

    @Override
    public String terminator() {
        return "";
    }

    @Override
    public String error(VendorError error) {
        return error.json();
    }

    @Override
    public String errorEvent(VendorError error) {
        ObjectNode data = JSON.createObjectNode().put("type", "error").put("sequence_number", 0);
        data.put("code", error.code() == null ? "server_error" : error.code());
        data.put("message", error.message()).putNull("param");
        return "event: error\ndata: " + data;
    }

    private static int rounds(JsonNode input) {
        int rounds = 0;
        boolean called = false;
        for (JsonNode item : input) {
            boolean call = item.path("type").asString("").equals("function_call");
            rounds += call && !called ? 1 : 0;
            called = call || (called && item.path("type").asString("").equals("reasoning"));
        }
        return rounds;
    }

    private static ArrayNode output(Answer answer) {
        ArrayNode output = JSON.createArrayNode();
        if (!answer.thought().isEmpty()) {
            ObjectNode item = output.addObject().put("id", "rs_" + answer.id()).put("type", "reasoning");
            item.putArray("summary").addObject().put("type", "summary_text").put("text", answer.thought());
            item.put("encrypted_content", ENCRYPTED);
        }
        if (!answer.text().isEmpty()) {
            ObjectNode item = output.addObject()
                    .put("id", "msg_" + answer.id())
                    .put("type", "message")
                    .put("status", "completed")
                    .put("role", "assistant");
            ObjectNode part = item.putArray("content").addObject().put("type", "output_text");
            ArrayNode annotations = part.putArray("annotations");
            if (answer.cited()) {
                annotations
                        .addObject()
                        .put("type", "url_citation")
                        .put("start_index", 0)
                        .put(
                                "end_index",
                                answer.text().codePointCount(0, answer.text().length()))
                        .put("url", Answer.SOURCE)
                        .put("title", Answer.SOURCE_TITLE);
            }
            part.set(
                    "logprobs",
                    ChatDialect.likelihoods(answer.likelihoods() ? Answer.pieces(answer.text()) : List.of()));
            part.put("text", answer.text());
        }
        int number = 0;
        for (Answer.ToolCall call : answer.toolCalls()) {
            output.addObject()
                    .put("id", "fc_" + answer.id() + number++)
                    .put("type", "function_call")
                    .put("status", "completed")
                    .put("call_id", call.id())
                    .put("name", call.name())
                    .put("arguments", call.arguments());
        }
        return output;
    }

    private static void item(List<String> events, int index, ObjectNode item) {
        ObjectNode begun = item.deepCopy();
        String id = item.path("id").asString();
        switch (item.path("type").asString()) {
            case "reasoning" -> {
                String text = item.path("summary").path(0).path("text").asString();
                begun.putArray("summary");
                begun.put("encrypted_content", "gAAAAnot-yet");
                added(events, index, begun);
                ObjectNode part =
                        JSON.createObjectNode().put("type", "summary_text").put("text", "");
                add(
                        events,
                        "response.reasoning_summary_part.added",
                        summary(index, id).set("part", part));
                for (String piece : Answer.pieces(text)) {
                    ObjectNode delta = summary(index, id).put("delta", piece);
                    add(events, "response.reasoning_summary_text.delta", delta);
                }
                add(
                        events,
                        "response.reasoning_summary_text.done",
                        summary(index, id).put("text", text));
                add(
                        events,
                        "response.reasoning_summary_part.done",
                        summary(index, id).set("part", part.deepCopy().put("text", text)));
            }
            case "message" -> {
                JsonNode part = item.path("content").path(0);
                begun.putArray("content");
                added(events, index, begun.put("status", "in_progress"));
                boolean likely = !part.path("logprobs").isEmpty();
                ObjectNode empty = ((ObjectNode) part).deepCopy().put("text", "");
                empty.putArray("annotations");
                empty.putArray("logprobs");
                add(events, "response.content_part.added", content(index, id).set("part", empty));
                for (String piece : Answer.pieces(part.path("text").asString())) {
                    ObjectNode delta = content(index, id).put("delta", piece);
                    delta.set("logprobs", ChatDialect.likelihoods(likely ? List.of(piece) : List.of()));
                    add(events, "response.output_text.delta", delta);
                }
                int number = 0;
                for (JsonNode annotation : part.path("annotations")) {
                    ObjectNode source = content(index, id).put("annotation_index", number++);
                    add(events, "response.output_text.annotation.added", source.set("annotation", annotation));
                }
                ObjectNode done =
                        content(index, id).put("text", part.path("text").asString());
                done.set("logprobs", part.path("logprobs"));
                add(events, "response.output_text.done", done);
                add(events, "response.content_part.done", content(index, id).set("part", part));
            }
            default -> {
                added(events, index, begun.put("status", "in_progress").put("arguments", ""));
                for (String piece : Answer.pieces(item.path("arguments").asString())) {
                    add(
                            events,
                            "response.function_call_arguments.delta",
                            place(index, id).put("delta", piece));
                }
                add(
                        events,
                        "response.function_call_arguments.done",
                        place(index, id).put("arguments", item.path("arguments").asString()));
            }
        }
        add(
                events,
                "response.output_item.done",
                JSON.createObjectNode().put("output_index", index).set("item", item));
    }

    private static ObjectNode response(Answer answer, String status, ArrayNode output, boolean usage) {
        ObjectNode response = JSON.createObjectNode()
                .put("id", "resp_" + answer.id())
                .put("object", "response")
                .put("created_at", 1_767_225_600)
                .put("status", status)
                .putNull("error")
                .putNull("incomplete_details")
                .put("model", answer.model())
                .put("store", answer.stored());
        response.set("output", output);
        if (usage) {
            ObjectNode tokens = response.putObject("usage").put("input_tokens", answer.inputTokens());
            tokens.putObject("input_tokens_details").put("cached_tokens", 0);
            tokens.put("output_tokens", answer.outputTokens());
            tokens.putObject("output_tokens_details").put("reasoning_tokens", Answer.tokens(answer.thought()));
            tokens.put("total_tokens", answer.inputTokens() + answer.outputTokens());
        } else {
            response.putNull("usage");
        }
        return response;
    }

    private static void added(List<String> events, int index, ObjectNode item) {
        add(
                events,
                "response.output_item.added",
                JSON.createObjectNode().put("output_index", index).set("item", item));
    }

    private static ObjectNode place(int index, String id) {
        return JSON.createObjectNode().put("item_id", id).put("output_index", index);
    }

    private static ObjectNode content(int index, String id) {
        return place(index, id).put("content_index", 0);
    }

    private static ObjectNode summary(int index, String id) {
        return place(index, id).put("summary_index", 0);
    }

    private static ObjectNode with(String name, ObjectNode value) {
        return JSON.createObjectNode().set(name, value);
    }

    private static void add(List<String> events, String type, JsonNode fields) {
        ObjectNode data = JSON.createObjectNode().put("type", type).put("sequence_number", events.size());
        data.setAll((ObjectNode) fields);
        events.add("event: " + type + "\ndata: " + data);
    }

    private static String lastText(JsonNode item) {
        if (item.isString()) {
            return item.stringValue();
        }
        JsonNode content = item.has("output") ? item.path("output") : item.path("content");
        if (!content.isArray()) {
            return content.asString("");
        }
        return content.valueStream()
                .map(part -> part.path("text").asString("[" + part.path("type").asString("part") + "]"))
                .collect(Collectors.joining(" "));
    }
}
