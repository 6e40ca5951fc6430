package io.omniroute.sandbox;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Anthropic refuses of a request, in its own words. */
final class MessagesRules {

    private static final Set<String> IN_RESULTS =
            Set.of("text", "image", "document", "search_result", "tool_reference");

    /** Newer models take system messages between others. */
    private static final Set<String> ROLES = Set.of("user", "assistant", "system");

    private static final Set<String> FIELDS = Set.of(
            "model",
            "messages",
            "max_tokens",
            "system",
            "stream",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "tools",
            "tool_choice",
            "metadata",
            "thinking",
            "output_config",
            "service_tier",
            "cache_control",
            "context_management",
            "container",
            "mcp_servers");

    private MessagesRules() {}

    static void check(JsonNode request) {
        for (String name : request.propertyNames()) {
            require(FIELDS.contains(name), name + ": Extra inputs are not permitted");
        }
        require(request.path("model").isString(), "model: Field required");
        require(request.path("max_tokens").isIntegralNumber(), "max_tokens: Field required");
        JsonNode messages = request.path("messages");
        require(messages.isArray() && !messages.isEmpty(), "messages: at least one message is required");
        temperature(request);
        system(request.path("system"));
        messages(messages);
        tools(request);
        thinking(request);
        prefill(messages);
        for (JsonNode stop : request.path("stop_sequences")) {
            require(!stop.asString("").isBlank(), "stop_sequences: each stop sequence must contain non-whitespace");
        }
        long marks = marks(request);
        require(marks <= 4, "A maximum of 4 blocks with cache_control may be provided. Found " + marks + ".");
        schema(request.path("output_config").path("format").path("schema"), "output_config.format.schema");
    }

    private static void prefill(JsonNode messages) {
        JsonNode last = messages.get(messages.size() - 1);
        JsonNode content = last.path("content");
        String said = content.isString()
                ? content.stringValue()
                : content.path(content.size() - 1).path("text").asString("");
        require(
                !last.path("role").asString("").equals("assistant") || said.equals(said.stripTrailing()),
                "messages: final assistant content cannot end with trailing whitespace");
    }

    private static long marks(JsonNode node) {
        long marks = 0;
        for (var field : node.properties()) {
            boolean clients = field.getKey().equals("input") || field.getKey().equals("input_schema");
            marks += field.getKey().equals("cache_control") ? 1 : clients ? 0 : marks(field.getValue());
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                marks += marks(element);
            }
        }
        return marks;
    }

    private static void schema(JsonNode schema, String path) {
        String wrong = schema.isObject() ? SchemaRules.anthropics(schema) : null;
        require(wrong == null, path + ": " + wrong);
    }

    private static void temperature(JsonNode request) {
        JsonNode value = request.path("temperature");
        require(
                value.isMissingNode() || (value.isNumber() && value.asDouble() >= 0 && value.asDouble() <= 1),
                "temperature: range: 0..1");
    }

    private static void system(JsonNode system) {
        if (system.isArray()) {
            for (JsonNode block : system) {
                require(block.path("type").asString("").equals("text"), "system: only text blocks are permitted");
                require(!block.path("text").asString("").isBlank(), "system: text content blocks must be non-empty");
            }
        } else {
            require(system.isMissingNode() || system.isString(), "system: Input should be a valid string or list");
        }
    }

    private static void messages(JsonNode messages) {
        Set<String> open = Set.of();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String path = "messages." + i;
            String role = message.path("role").asString("");
            require(
                    ROLES.contains(role) && !(i == 0 && role.equals("system")),
                    path + ": Input tag '" + role + "' found using 'role' does not match any of the expected tags");
            require(
                    !role.equals("system") || mayInstruct(messages, i),
                    path
                            + ": a system message must follow a user message, and only an assistant message may follow it");
            JsonNode content = message.path("content");
            if (content.isString()) {
                require(
                        role.equals("assistant") || !content.stringValue().isBlank(),
                        path + ": user messages must have non-empty content");
                require(open.isEmpty(), unanswered(path, open));
                open = Set.of();
                continue;
            }
            require(content.isArray(), path + ".content: Input should be a valid list");
            require(!role.equals("user") || !content.isEmpty(), path + ": user messages must have non-empty content");
            if (role.equals("system")) {
                require(open.isEmpty(), unanswered(path, open));
                content.forEach(block -> require(
                        block.path("type").asString("").equals("text"), path + ": system messages may have text only"));
            }
            open = role.equals("user") ? answers(path, content, open) : calls(path, content, open);
        }
        require(open.isEmpty(), unanswered("messages", open));
    }

    private static boolean mayInstruct(JsonNode messages, int at) {
        String before = messages.path(at - 1).path("role").asString("");
        String behind = messages.path(at + 1).path("role").asString("assistant");
        return before.equals("user") && behind.equals("assistant");
    }

    private static Set<String> answers(String path, JsonNode content, Set<String> open) {
        Set<String> missing = new LinkedHashSet<>(open);
        boolean others = false;
        for (JsonNode block : content) {
            String type = block.path("type").asString("");
            if (type.equals("tool_result")) {
                String id = block.path("tool_use_id").asString("");
                require(!others, path + ": tool_result blocks must come before other content");
                require(missing.remove(id), path + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id);
                result(path, block.path("content"));
            } else {
                others = true;
                block(path, block, type);
            }
        }
        require(missing.isEmpty(), unanswered(path, missing));
        return Set.of();
    }

    private static void result(String path, JsonNode content) {
        require(
                content.isMissingNode() || content.isString() || content.isArray(),
                path + ": tool_result.content: Input should be a valid string or list");
        content.forEach(block -> require(
                !content.isArray() || IN_RESULTS.contains(block.path("type").asString("")),
                path + ": tool_result.content: Input tag '" + block.path("type").asString("")
                        + "' does not match any of the expected tags"));
    }

    private static Set<String> calls(String path, JsonNode content, Set<String> open) {
        require(open.isEmpty(), unanswered(path, open));
        require(
                !content.path(content.size() - 1).path("type").asString("").endsWith("thinking"),
                path + ": The final block in an assistant message cannot be `thinking`.");
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode block : content) {
            String type = block.path("type").asString("");
            block(path, block, type);
            if (type.equals("tool_use")) {
                String id = block.path("id").asString("");
                require(
                        id.matches("[a-zA-Z0-9_-]+"),
                        path + ": tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
                require(block.path("input").isObject(), path + ": tool_use.input: Input should be a valid dictionary");
                require(ids.add(id), path + ": `tool_use` ids must be unique");
            }
        }
        return ids;
    }

    private static void block(String path, JsonNode block, String type) {
        switch (type) {
            case "text" -> {
                require(!block.path("text").asString("").isBlank(), path + ": text content blocks must be non-empty");
                for (JsonNode citation : block.path("citations")) {
                    require(
                            citation.path("encrypted_index").asString("").equals(MessagesDialect.SIGNATURE),
                            path + ": Invalid `encrypted_index` in citation");
                }
            }
            case "image", "document" ->
                require(block.path("source").isObject(), path + "." + type + ".source: Field required");
            case "container_upload" ->
                require(block.path("file_id").isString(), path + ".container_upload.file_id: Field required");
            case "thinking" ->
                require(
                        block.path("signature").asString("").equals(MessagesDialect.SIGNATURE),
                        path + ": Invalid `signature` in `thinking` block");
            case "tool_use", "redacted_thinking", "server_tool_use", "web_search_tool_result" -> {
                // looked at elsewhere, or not at all
            }
            default ->
                throw refusal(path + ": Input tag '" + type + "' found using 'type' does not match any of the"
                        + " expected tags");
        }
    }

    private static void tools(JsonNode request) {
        JsonNode tools = request.path("tools");
        for (JsonNode tool : tools) {
            if (tool.path("type").asString("custom").equals("custom")) {
                require(
                        tool.path("name").asString("").matches("[a-zA-Z0-9_-]{1,128}"),
                        "tools: name: String should match pattern");
                require(
                        tool.path("input_schema").path("type").asString("").equals("object"),
                        "tools: input_schema.type: Field required");
                if (tool.path("strict").asBoolean(false)) {
                    schema(tool.path("input_schema"), "tools.input_schema");
                }
            }
        }
        require(
                !request.hasNonNull("tool_choice") || !tools.isEmpty(),
                "tool_choice: may only be specified while providing tools");
    }

    /** Whoever thinks begins its answers itself, but for one that a tool of the provider's own has interrupted. */
    private static void goesOnThinking(JsonNode messages) {
        JsonNode last = messages.path(messages.size() - 1);
        require(
                !last.path("role").asString("").equals("assistant") || has(last, "server_tool_use"),
                "messages: `thinking` cannot be enabled when the final message is from the assistant");
        if (!has(last, "tool_result")) {
            return;
        }
        // the turn begins behind the last words of the user; only its first step is thought about
        int first = messages.size() - 1;
        while (first > 0
                && (messages.path(first - 1).path("role").asString("").equals("assistant")
                        || has(messages.path(first - 1), "tool_result"))) {
            first--;
        }
        JsonNode step = messages.path(first);
        require(
                !has(step, "tool_use")
                        || step.path("content")
                                .path(0)
                                .path("type")
                                .asString("")
                                .endsWith("thinking"),
                "messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a"
                        + " final `assistant` message must start with a thinking block");
    }

    private static boolean has(JsonNode message, String type) {
        return message.path("content")
                .valueStream()
                .anyMatch(block -> block.path("type").asString("").equals(type));
    }

    private static void thinking(JsonNode request) {
        JsonNode thinking = request.path("thinking");
        if (thinking.path("type").asString("").equals("enabled")) {
            goesOnThinking(request.path("messages"));
            long budget = thinking.path("budget_tokens").asLong(0);
            require(budget >= 1024, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
            require(budget < request.path("max_tokens").asLong(), "`max_tokens` must be greater than budget_tokens");
            String choice = request.path("tool_choice").path("type").asString("auto");
            require(
                    choice.equals("auto") || choice.equals("none"),
                    "Thinking may not be enabled when tool_choice forces tool use.");
            require(
                    request.path("temperature").asDouble(1) == 1 && !request.has("top_k"),
                    "`temperature` may only be set to 1 when thinking is enabled.");
        }
    }

    private static String unanswered(String path, Set<String> ids) {
        return path + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
                + String.join(", ", ids);
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw refusal(message);
        }
    }

    private static Refusal refusal(String message) {
        return new Refusal(VendorError.invalid(null, message));
    }
}
