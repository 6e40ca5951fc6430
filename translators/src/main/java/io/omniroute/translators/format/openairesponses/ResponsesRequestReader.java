package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Part;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Role;
import io.omniroute.translators.model.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of this format. Items of one turn of the model become one turn. */
final class ResponsesRequestReader {

    /** The item that is a picture of the model's, and where it is kept whole. */
    static final String DRAWN = "image_generation_call";

    static final String PHASE = "phase";

    private final ResponsesPartReader parts;
    private final List<Part> assistant = new ArrayList<>();
    /** Whether the turn that is being read has called tools, and said something. */
    private boolean calls;

    private boolean words;
    private final List<Part> results = new ArrayList<>();
    /** Where the turn stands that is being read; empty if it has several items. */
    private String place = "";

    ResponsesRequestReader(CarrierSeal seal) {
        this.parts = new ResponsesPartReader(seal);
    }

    ChatRequest read(ObjectNode body) {
        Fields fields = Fields.of("", body);
        ChatRequest.Builder request = new ChatRequest.Builder(fields.require("model"));
        Boolean stream = fields.bool("stream");
        request.stream(stream != null && stream);
        for (String name : List.of("previous_response_id", "conversation", "prompt")) {
            if (fields.take(name) != null) {
                throw ResponsesCodec.kept(name);
            }
        }
        if (Boolean.TRUE.equals(fields.bool("background"))) {
            throw ResponsesCodec.unsupported("background");
        }
        String instructions = fields.string(ResponsesEcho.INSTRUCTIONS);
        if (instructions != null && !instructions.isEmpty()) {
            request.add(Message.of(Role.SYSTEM, List.of(Part.Text.of(instructions)), ResponsesEcho.INSTRUCTIONS));
        }
        input(fields, request);
        fields.objects("tools").forEach(tool -> ResponsesTools.add(tool, request));
        request.toolChoice(ResponsesTools.choice(fields));
        request.parallelTools(fields.bool("parallel_tool_calls"));
        request.maxOutput(fields.whole("max_output_tokens"));
        Long topLogprobs = fields.whole("top_logprobs");
        boolean logprobs = fields.array("include").stream()
                .anyMatch(included -> included.asString("").equals("message.output_text.logprobs"));
        request.sampling(new Sampling(
                fields.number("temperature"),
                fields.number("top_p"),
                null,
                null,
                null,
                null,
                null,
                logprobs || (topLogprobs != null && topLogprobs > 0),
                topLogprobs));
        Fields text = fields.fields("text");
        if (text != null) {
            request.verbosity(text.string("verbosity"));
            request.output(output(text.fields("format")));
        }
        Fields reasoning = fields.fields("reasoning");
        request.reasoning(reasoning(reasoning));
        String safety = fields.string(UserIds.SAFETY);
        String user = fields.string("user");
        request.user(safety == null ? user : safety);
        JsonNode metadata = fields.take("metadata");
        request.metadata(metadata == null || metadata.isEmpty() ? null : metadata);
        request.tier(fields.string("service_tier"));
        List.of("store", "stream_options").forEach(fields::take);
        Map<String, JsonNode> rest = UserIds.kept(fields);
        Unsaid.keep(rest, "reasoning", reasoning);
        Unsaid.keep(rest, "text", text);
        if (reasoning != null) {
            // which kind of summary only this format says, but not that there is to be one
            reasoning.take("summary");
        }
        request.unread(fields.unread());
        if (fields.has("include")) {
            rest.put("include", fields.object().get("include"));
        }
        request.extra(new Extra(ResponsesFormat.ID, rest));
        return request.build();
    }

    private void input(Fields fields, ChatRequest.Builder request) {
        JsonNode input = fields.take("input");
        if (input == null) {
            throw fields.missing("input");
        }
        if (input.isString()) {
            request.add(Message.of(Role.USER, List.of(Part.Text.of(input.stringValue()))));
            return;
        }
        fields.objects("input").forEach(item -> item(item, request));
        endAssistant(request);
        endResults(request);
    }

    private void item(Fields item, ChatRequest.Builder request) {
        String type = item.string("type");
        List.of("id", "status").forEach(item::take);
        switch (type == null ? "message" : type) {
            case "message" -> message(item, request);
            case "reasoning" -> said(item, parts.thought(item), request);
            case "function_call" -> said(item, ResponsesPartReader.call(item, "arguments", false), request);
            case "custom_tool_call" -> said(item, ResponsesPartReader.call(item, "input", true), request);
            case "function_call_output", "custom_tool_call_output" -> {
                endAssistant(request);
                boolean custom = type != null && type.startsWith("custom");
                place = results.isEmpty() ? item.path() : "";
                results.add(parts.result(item, custom));
            }
            case DRAWN -> said(item, ResponsesPartReader.drawn(item), request);
            case "item_reference" -> throw ResponsesCodec.kept("item_reference");
            default -> said(item, new Part.Native(ResponsesFormat.ID, item.whole()), request);
        }
    }

    /** Adds to the turn of the model. */
    private void said(Fields item, Part part, ChatRequest.Builder request) {
        endResults(request);
        place = assistant.isEmpty() || place.equals(item.path()) ? item.path() : "";
        assistant.add(part);
        calls |= part instanceof Part.ToolCall;
        words |= part instanceof Part.Text || part instanceof Part.Refusal;
    }

    private void message(Fields item, ChatRequest.Builder request) {
        String role = item.require("role");
        List<Part> content = parts.list(item, "content");
        if (role.equals("assistant") && content.isEmpty()) {
            item.take(PHASE);
            return; // says nothing
        }
        if (role.equals("assistant")) {
            JsonNode phase = item.take(PHASE);
            if (!assistant.isEmpty()
                    && !calls
                    && (assistant.getLast() instanceof Part.Text || assistant.getLast() instanceof Part.Refusal)) {
                // what was said before is a message of its own
                endAssistant(request);
            }
            boolean apart = words && assistant.getLast() instanceof Part.Thought;
            if (apart) {
                // what was said before the thought is a message of its own
                List<Part> thoughts = new ArrayList<>();
                while (assistant.getLast() instanceof Part.Thought) {
                    thoughts.addFirst(assistant.removeLast());
                }
                String from = place;
                if (!calls) {
                    endAssistant(request);
                }
                assistant.addAll(thoughts);
                place = from;
            }
            content.forEach(part -> said(item, phase == null ? part : of(phase, part), request));
            return;
        }
        endAssistant(request);
        endResults(request);
        request.add(Message.of(
                switch (role) {
                    case "user" -> Role.USER;
                    case "system" -> Role.SYSTEM;
                    case "developer" -> Role.DEVELOPER;
                    default -> throw item.invalid("role", "\"user\", \"assistant\", \"system\" or \"developer\"");
                },
                content,
                item.path()));
    }

    /** Whether a text is a comment or the answer has to be said again when it comes back. */
    private static Part of(JsonNode phase, Part part) {
        if (!(part instanceof Part.Text text)) {
            return part;
        }
        Map<String, JsonNode> extra = new LinkedHashMap<>(text.extra().fields());
        extra.put(PHASE, phase);
        return new Part.Text(text.text(), text.cache(), new Extra(ResponsesFormat.ID, extra));
    }

    private void endAssistant(ChatRequest.Builder request) {
        if (!assistant.isEmpty()) {
            request.add(Message.of(Role.ASSISTANT, assistant, place));
            assistant.clear();
            calls = false;
            words = false;
        }
    }

    private void endResults(ChatRequest.Builder request) {
        if (!results.isEmpty()) {
            request.add(Message.of(Role.TOOL, results, place));
            results.clear();
        }
    }

    private static OutputFormat output(@Nullable Fields format) {
        if (format == null) {
            return new OutputFormat.Text();
        }
        return switch (format.require("type")) {
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                JsonNode schema = format.take("schema");
                if (schema == null) {
                    throw format.missing("schema");
                }
                yield new OutputFormat.JsonSchema(
                        format.string("name"), format.string("description"), schema, format.bool("strict"));
            }
            default -> new OutputFormat.Text();
        };
    }

    private static Reasoning reasoning(@Nullable Fields reasoning) {
        if (reasoning == null) {
            return Reasoning.DEFAULT;
        }
        String effort = reasoning.string("effort");
        Boolean shown = reasoning.has("summary") ? Boolean.TRUE : null;
        Reasoning.Mode mode = "none".equals(effort) ? Reasoning.Mode.OFF : Reasoning.Mode.UNSET;
        return new Reasoning(mode, effort, null, shown);
    }
}
