package io.omniroute.sandbox;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What OpenAI refuses of a request for a response, in its own words. */
final class ResponsesRules {

    private static final Set<String> FIELDS = Set.of(
            "model",
            "input",
            "instructions",
            "stream",
            "stream_options",
            "store",
            "client_metadata",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "max_output_tokens",
            "temperature",
            "top_p",
            "top_logprobs",
            "text",
            "reasoning",
            "include",
            "metadata",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "context_management",
            "service_tier",
            "truncation",
            "previous_response_id",
            "conversation",
            "background",
            "prompt",
            "max_tool_calls");

    private ResponsesRules() {}

    static void check(JsonNode request) {
        for (String name : request.propertyNames()) {
            require(FIELDS.contains(name), name, "Unknown parameter: '" + name + "'.");
        }
        ChatRules.requireModel(request);
        require(
                !request.hasNonNull("reasoning")
                        || !request.path("model").asString("").startsWith("gpt-4"),
                "reasoning.effort",
                "Unsupported parameter: 'reasoning.effort' is not supported with this model.");
        JsonNode input = request.path("input");
        require(
                input.isString() || (input.isArray() && !input.isEmpty()),
                "input",
                "Missing required parameter: 'input'.");
        ChatRules.range(request, "temperature", 0, 2);
        ChatRules.range(request, "max_output_tokens", 16, 1_000_000);
        if (input.isArray()) {
            items(input);
        }
        require(
                !request.at("/reasoning/effort").asString("").equals("minimal")
                        || request.path("tools")
                                .valueStream()
                                .noneMatch(
                                        tool -> tool.path("type").asString("").startsWith("web_search")),
                "tools",
                "The following tools cannot be used with reasoning.effort 'minimal': web_search.");
        JsonNode format = request.path("text").path("format");
        ChatRules.strict(
                format.path("strict").asBoolean(false),
                format.path("schema"),
                format.path("name").asString(""));
        for (JsonNode tool : request.path("tools")) {
            if (tool.path("type").asString("").equals("function")) {
                require(
                        tool.path("name").asString("").matches("[a-zA-Z0-9_-]{1,64}"),
                        "tools[0].name",
                        "Invalid 'tools[0].name': string does not match pattern.");
                ChatRules.strict(
                        tool.path("strict").asBoolean(false),
                        tool.path("parameters"),
                        tool.path("name").asString(""));
            }
        }
    }

    private static void items(JsonNode input) {
        Set<String> open = new LinkedHashSet<>();
        boolean thought = false;
        for (int i = 0; i < input.size(); i++) {
            JsonNode item = input.get(i);
            String path = "input[" + i + "]";
            String type = item.path("type").asString("message");
            boolean followsThought = type.endsWith("_call")
                    || type.equals("reasoning")
                    || item.path("role").asString("").equals("assistant");
            require(
                    !thought || followsThought,
                    "input",
                    "Item 'rs' of type 'reasoning' was provided without its required following item.");
            thought = type.equals("reasoning");
            switch (type) {
                case "message" -> message(path, item);
                case "reasoning" -> {
                    require(item.path("summary").isArray(), path + ".summary", "Missing required parameter.");
                    require(
                            item.path("encrypted_content").asString("").equals(ResponsesDialect.ENCRYPTED),
                            path + ".encrypted_content",
                            "The encrypted content could not be verified.");
                }
                case "function_call" -> {
                    String id = item.path("call_id").asString("");
                    require(!id.isEmpty() && id.length() <= 64, path + ".call_id", "Invalid 'call_id'.");
                    require(item.path("arguments").isString(), path + ".arguments", "Missing required parameter.");
                    require(item.path("name").isString(), path + ".name", "Missing required parameter.");
                    open.add(id);
                }
                case "custom_tool_call" -> {
                    require(item.path("input").isString(), path + ".input", "Missing required parameter.");
                    open.add(item.path("call_id").asString(""));
                }
                case "function_call_output", "custom_tool_call_output" -> {
                    String id = item.path("call_id").asString("");
                    require(open.remove(id), "input", "No tool call found for function call output with call_id " + id);
                    require(item.has("output"), path + ".output", "Missing required parameter.");
                }
                case "code_interpreter_call" ->
                    require(
                            item.path("container_id").isString(),
                            path + ".container_id",
                            "Missing required parameter: '" + path + ".container_id'.");
                default -> require(HOSTED.contains(type), path, "Invalid value: '" + type + "'.");
            }
        }
        require(!thought, "input", "Item 'rs' of type 'reasoning' was provided without its required following item.");
        require(open.isEmpty(), "input", "No tool output found for function call " + String.join(", ", open));
    }

    /** What tools of the provider's own have left in a conversation. */
    private static final Set<String> HOSTED = Set.of(
            "web_search_call",
            "file_search_call",
            "image_generation_call",
            "mcp_call",
            "mcp_list_tools",
            "mcp_approval_request",
            "mcp_approval_response",
            "item_reference",
            "local_shell_call",
            "local_shell_call_output",
            "computer_call",
            "computer_call_output",
            "tool_search_call",
            "tool_search_output",
            "compaction");

    private static void message(String path, JsonNode item) {
        String role = item.path("role").asString("");
        require(
                Set.of("user", "assistant", "system", "developer").contains(role),
                path + ".role",
                "Invalid value: '" + role + "'.");
        Set<String> allowed = role.equals("assistant")
                ? Set.of("output_text", "refusal")
                : Set.of("input_text", "input_image", "input_file");
        for (JsonNode part : item.path("content")) {
            String type = part.path("type").asString("");
            require(allowed.contains(type), path + ".content[0]", "Invalid value: '" + type + "'.");
            require(
                    !type.equals("output_text") || part.path("annotations").isArray(),
                    path + ".content[0].annotations",
                    "Missing required parameter.");
        }
    }

    private static void require(boolean good, @Nullable String param, String message) {
        if (!good) {
            throw new Refusal(VendorError.invalid(param, message));
        }
    }
}
