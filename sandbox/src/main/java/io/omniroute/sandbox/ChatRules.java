package io.omniroute.sandbox;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What OpenAI refuses of a chat request, in its own words. */
final class ChatRules {

    private static final int LONGEST_ID = 40;

    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");

    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private static final List<String> THINKING =
            List.of("reasoning_effort", "reasoning", "thinking", "enable_thinking", "thinking_budget");

    private ChatRules() {}

    static void check(JsonNode request, String model) {
        requireModel(request);
        JsonNode messages = request.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw refusal("messages", "[] is too short - 'messages'");
        }
        messages(messages);
        if (model.contains("mistral")) {
            mistral(messages);
        }
        if (request.path("stop").size() > 4) {
            throw refusal("stop", "Invalid 'stop': array too long. Expected an array with maximum length 4.");
        }
        effort(request.path("reasoning_effort"));
        if (model.startsWith("gpt-4")) {
            withoutThoughts(request);
        }
        range(request, "temperature", 0, 2);
        range(request, "top_p", 0, 1);
        range(request, "n", 1, 128);
        range(request, "max_tokens", 1, 1_000_000);
        range(request, "max_completion_tokens", 1, 1_000_000);
        boolean stream = request.path("stream").asBoolean(false);
        if (request.path("stream_options").isObject() && !stream) {
            throw refusal("stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
        tools(request);
        responseFormat(request.path("response_format"));
    }

    private static void effort(JsonNode effort) {
        if (effort.isString() && !EFFORTS.contains(effort.stringValue())) {
            throw refusal("reasoning_effort", "Invalid value: '" + effort.stringValue() + "'.");
        }
    }

    /** What models refuse that do not think, unless it has no value. */
    private static void withoutThoughts(JsonNode request) {
        for (String field : THINKING) {
            if (request.hasNonNull(field)) {
                throw refusal(null, "Unrecognized request argument supplied: " + field);
            }
        }
    }

    /** Mistral's own rules, for models of that name. */
    private static void mistral(JsonNode messages) {
        String before = "";
        for (JsonNode message : messages) {
            String role = message.path("role").asString("");
            for (JsonNode call : message.path("tool_calls")) {
                nine(call.path("id").asString(""));
            }
            if (role.equals("tool")) {
                nine(message.path("tool_call_id").asString(""));
            }
            if (role.equals("user") && before.equals("tool")) {
                throw refusal("messages", "Unexpected role 'user' after role 'tool'");
            }
            before = role;
        }
    }

    private static void nine(String id) {
        if (!id.matches("[a-zA-Z0-9]{9}")) {
            throw refusal("messages", "Tool call id was " + id + " but must be a-z, A-Z, 0-9, with a length of 9.");
        }
    }

    static void requireModel(JsonNode request) {
        if (!request.path("model").isString()) {
            throw refusal(null, "you must provide a model parameter");
        }
    }

    private static void messages(JsonNode messages) {
        Set<String> unanswered = new LinkedHashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asString("");
            if (!ROLES.contains(role)) {
                throw refusal("messages[" + i + "].role", "Invalid value: '" + role + "'.");
            }
            if (role.equals("tool")) {
                answer(i, message, unanswered);
                continue;
            }
            requireAnswered(i, unanswered);
            for (JsonNode call : message.path("tool_calls")) {
                call("messages[" + i + "].tool_calls", call);
                unanswered.add(call.path("id").asString(""));
            }
            boolean says = !unanswered.isEmpty()
                    || message.has("function_call")
                    || message.path("audio").has("id");
            if (message.path("content").isMissingNode() && !says) {
                throw refusal(
                        "messages[" + i + "].content", "Missing required parameter: 'messages[" + i + "].content'.");
            }
        }
        requireAnswered(messages.size(), unanswered);
    }

    private static void call(String path, JsonNode call) {
        if (call.path("id").asString("").length() > LONGEST_ID) {
            throw refusal(
                    path, "Invalid '" + path + ".id': string too long. Expected a string with maximum length 40.");
        }
        boolean custom = call.path("type").asString("").equals("custom");
        JsonNode called = call.path(custom ? "custom" : "function");
        if (!called.path("name").isString()
                || !called.path(custom ? "input" : "arguments").isString()) {
            throw refusal(path, "Missing required parameter: '" + path + "'.");
        }
    }

    private static void answer(int index, JsonNode message, Set<String> unanswered) {
        if (!unanswered.remove(message.path("tool_call_id").asString(""))) {
            throw refusal(
                    "messages[" + index + "].role",
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with"
                            + " 'tool_calls'.");
        }
        for (JsonNode part : message.path("content")) {
            if (!part.path("type").asString("").equals("text")) {
                throw refusal(
                        "messages[" + index + "].content",
                        "Invalid content: messages with role 'tool' may have text only.");
            }
        }
    }

    private static void requireAnswered(int index, Set<String> unanswered) {
        if (!unanswered.isEmpty()) {
            throw refusal(
                    "messages[" + index + "].role",
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                            + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                            + String.join(", ", unanswered));
        }
    }

    private static void tools(JsonNode request) {
        JsonNode tools = request.path("tools");
        for (int i = 0; i < tools.size(); i++) {
            String name = tools.get(i)
                    .path(tools.get(i).path("type").asString("").equals("custom") ? "custom" : "function")
                    .path("name")
                    .asString("");
            if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
                throw refusal(
                        "tools[" + i + "].function.name",
                        "Invalid 'tools[" + i + "].function.name': string does not match pattern.");
            }
            JsonNode function = tools.get(i).path("function");
            strict(function.path("strict").asBoolean(false), function.path("parameters"), name);
        }
        if (request.hasNonNull("tool_choice") && tools.isEmpty()) {
            throw refusal("tool_choice", "'tool_choice' is only allowed when 'tools' are specified.");
        }
    }

    private static void responseFormat(JsonNode format) {
        String type = format.path("type").asString("text");
        if (!Set.of("text", "json_object", "json_schema").contains(type)) {
            throw refusal("response_format.type", "Invalid value: '" + type + "'.");
        }
        if (type.equals("json_schema")
                && !format.path("json_schema").path("schema").isObject()) {
            throw refusal(
                    "response_format.json_schema", "Missing required parameter: 'response_format.json_schema.schema'.");
        }
        JsonNode schema = format.path("json_schema");
        strict(
                schema.path("strict").asBoolean(false),
                schema.path("schema"),
                schema.path("name").asString(""));
    }

    /** Refuses what cannot be followed strictly. */
    static void strict(boolean strict, JsonNode schema, String name) {
        String wrong = strict ? SchemaRules.openAis(schema) : null;
        if (wrong != null) {
            throw refusal("schema", "Invalid schema for '" + name + "': " + wrong);
        }
    }

    static void range(JsonNode request, String field, double least, double most) {
        JsonNode value = request.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isNumber()) {
            throw refusal(field, "Invalid type for '" + field + "': expected a number.");
        }
        if (value.asDouble() < least || value.asDouble() > most) {
            throw refusal(field, "Invalid '" + field + "': out of range.");
        }
    }

    private static Refusal refusal(@Nullable String param, String message) {
        return new Refusal(VendorError.invalid(param, message));
    }
}
