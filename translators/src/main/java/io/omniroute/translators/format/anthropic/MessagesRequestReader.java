package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of this format. */
final class MessagesRequestReader {

    private final MessagesPartReader blocks;

    MessagesRequestReader(CarrierSeal seal) {
        this.blocks = new MessagesPartReader(seal);
    }

    ChatRequest read(ObjectNode body) {
        Fields fields = Fields.of("", body);
        ChatRequest.Builder request = new ChatRequest.Builder(fields.require("model"));
        Boolean stream = fields.bool("stream");
        request.stream(stream != null && stream);
        Long maxTokens = fields.whole("max_tokens");
        if (maxTokens == null) {
            throw fields.missing("max_tokens");
        }
        request.maxOutput(maxTokens);
        system(fields, request);
        List<Draft> turns = new ArrayList<>();
        fields.objects("messages").forEach(message -> message(message, turns));
        turns.forEach(turn -> request.add(turn.done()));
        List<Fields> tools = fields.objects("tools");
        tools.forEach(tool -> request.add(tool(tool)));
        Fields choice = fields.fields("tool_choice");
        toolChoice(choice, tools, request);
        request.sampling(new Sampling(
                fields.number("temperature"),
                fields.number("top_p"),
                fields.whole("top_k"),
                null,
                null,
                null,
                null,
                false,
                null));
        request.stop(fields.array("stop_sequences").stream()
                .map(node -> node.asString(""))
                .toList());
        Fields output = fields.fields("output_config");
        Fields thinking = fields.fields("thinking");
        request.reasoning(reasoning(thinking, output));
        JsonNode older = fields.take("output_format");
        JsonNode newer = output == null ? null : output.take("format");
        JsonNode format = newer == null ? older : newer;
        if (format != null && format.path("schema").isObject()) {
            request.output(new OutputFormat.JsonSchema(null, null, format.path("schema"), null));
        }
        Fields metadata = fields.fields("metadata");
        request.user(metadata == null ? null : metadata.string("user_id"));
        String tier = fields.string("service_tier");
        request.tier("standard_only".equals(tier) ? "default" : tier);
        request.cache(MessagesPartReader.mark(fields.take("cache_control")));
        request.unread(fields.unread());
        Map<String, JsonNode> rest = fields.rest();
        Unsaid.keep(rest, "tool_choice", choice);
        Unsaid.keep(rest, "thinking", thinking);
        if (thinking != null && thinking.has("display")) {
            (rest.get("thinking") instanceof ObjectNode known ? known : put(rest, "thinking"))
                    .set("display", thinking.object().get("display"));
        }
        Unsaid.keep(rest, "output_config", output);
        Unsaid.keep(rest, "metadata", metadata);
        // which models may answer is for the gateway to decide
        request.extra(new Extra(AnthropicFormat.ID, rest).without(Set.of("fallbacks")));
        return request.build();
    }

    private void system(Fields fields, ChatRequest.Builder request) {
        JsonNode system = fields.take("system");
        if (system != null) {
            List<Part> parts = blocks.content(fields, "system", system);
            if (!parts.isEmpty()) {
                request.add(Message.of(Role.SYSTEM, parts, "system"));
            }
        }
    }

    /** A user's turn with answers of tools becomes a turn of the tools and, for the rest, one of the user. */
    private void message(Fields message, List<Draft> turns) {
        String role = message.require("role");
        JsonNode content = message.take("content");
        if (content == null) {
            throw message.missing("content");
        }
        List<Part> parts = blocks.content(message, message.path("content"), content);
        switch (role) {
            case "assistant" -> {
                // what the model says in several messages one after another is one turn
                if (!turns.isEmpty() && turns.getLast().role == Role.ASSISTANT) {
                    turns.getLast().goesOn(parts, "");
                } else {
                    turns.add(new Draft(Role.ASSISTANT, parts, message.path()));
                }
            }
            case "system" -> turns.add(new Draft(Role.SYSTEM, parts, message.path()));
            case "user" -> {
                List<Part> results = new ArrayList<>();
                List<Part> others = new ArrayList<>(parts.size());
                for (Part part : parts) {
                    (part instanceof Part.ToolResult ? results : others).add(part);
                }
                if (!results.isEmpty() && isUserBehindTools(turns)) {
                    // answers of tools that come late are with the others, and what the user says is behind them all
                    turns.get(turns.size() - 2).goesOn(results, "");
                    turns.getLast().goesOn(others, message.path());
                    return;
                }
                if (!results.isEmpty()) {
                    turns.add(new Draft(Role.TOOL, results, message.path()));
                }
                if (!others.isEmpty() || results.isEmpty()) {
                    turns.add(new Draft(Role.USER, others, message.path()));
                }
            }
            default -> throw message.invalid("role", "\"user\", \"assistant\" or \"system\"");
        }
    }

    private static boolean isUserBehindTools(List<Draft> turns) {
        return turns.size() > 1 && turns.getLast().role == Role.USER && turns.get(turns.size() - 2).role == Role.TOOL;
    }

    /** A turn that more may still be said in. */
    private static final class Draft {
        private final Role role;
        private final List<Part> parts;
        private String place;

        Draft(Role role, List<Part> parts, String place) {
            this.role = role;
            this.parts = new ArrayList<>(parts);
            this.place = place;
        }

        void goesOn(List<Part> more, String at) {
            parts.addAll(more);
            place = at;
        }

        Message done() {
            return Message.of(role, parts, place);
        }
    }

    private static Tool tool(Fields tool) {
        String type = tool.string("type");
        if (type != null && !type.equals("custom")) {
            return type.startsWith("web_search_")
                    ? new Tool.WebSearch(AnthropicFormat.ID, tool.whole())
                    : new Tool.Hosted(AnthropicFormat.ID, type, tool.whole());
        }
        return new Tool.Function(
                tool.require("name"),
                tool.string("description"),
                tool.take("input_schema"),
                tool.bool("strict"),
                MessagesPartReader.mark(tool.take("cache_control")),
                MessagesPartReader.extra(tool));
    }

    private static void toolChoice(@Nullable Fields choice, List<Fields> tools, ChatRequest.Builder request) {
        if (choice == null) {
            return;
        }
        request.toolChoice(
                switch (choice.require("type")) {
                    case "auto" -> new ToolChoice.Auto();
                    case "any" -> new ToolChoice.Required();
                    case "none" -> new ToolChoice.None();
                    case "tool" -> named(choice.require("name"), tools);
                    default -> throw choice.invalid("type", "\"auto\", \"any\", \"tool\" or \"none\"");
                });
        Boolean notParallel = choice.bool("disable_parallel_tool_use");
        request.parallelTools(notParallel == null ? null : !notParallel);
    }

    /** A tool of the client's, or one of that name that the provider runs itself. */
    private static ToolChoice named(String name, List<Fields> tools) {
        boolean hosted = tools.stream()
                .map(Fields::object)
                .anyMatch(tool -> tool.path("name").asString("").equals(name)
                        && !tool.path("type").asString("custom").equals("custom"));
        return hosted ? new ToolChoice.Hosted(name) : new ToolChoice.Named(name);
    }

    private static Reasoning reasoning(@Nullable Fields thinking, @Nullable Fields output) {
        String effort = output == null ? null : output.string("effort");
        if (thinking == null) {
            return new Reasoning(Reasoning.Mode.UNSET, effort, null, null);
        }
        String display = thinking.string("display");
        Boolean shown = display == null ? Boolean.TRUE : (Boolean) !display.equals("omitted");
        return switch (thinking.require("type")) {
            case "disabled", "between_tools" -> new Reasoning(Reasoning.Mode.OFF, effort, null, null);
            case "enabled" -> new Reasoning(Reasoning.Mode.ON, effort, thinking.whole("budget_tokens"), shown);
            default -> new Reasoning(Reasoning.Mode.ADAPTIVE, effort, null, shown);
        };
    }

    private static ObjectNode put(Map<String, JsonNode> rest, String name) {
        ObjectNode object = Json.object();
        rest.put(name, object);
        return object;
    }
}
