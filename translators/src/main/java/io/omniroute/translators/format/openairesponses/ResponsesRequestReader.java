package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ToolErrors;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.json.DataUrl;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.Media;
import io.omniroute.translators.model.Message;
import io.omniroute.translators.model.Opaque;
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

    private final CarrierSeal seal;
    private final List<Part> assistant = new ArrayList<>();
    /** Whether the turn that is being read has called tools, and said something. */
    private boolean calls;

    private boolean words;
    private final List<Part> results = new ArrayList<>();
    /** Where the turn stands that is being read; empty if it has several items. */
    private String place = "";

    ResponsesRequestReader(CarrierSeal seal) {
        this.seal = seal;
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
            case "reasoning" -> {
                said(item, thought(item), request);
            }
            case "function_call" -> {
                String arguments = item.string("arguments");
                said(item, call(item, arguments, false), request);
            }
            case "custom_tool_call" -> {
                String input = item.string("input");
                said(item, call(item, input, true), request);
            }
            case "function_call_output", "custom_tool_call_output" -> {
                endAssistant(request);
                boolean custom = type != null && type.startsWith("custom");
                place = results.isEmpty() ? item.path() : "";
                results.add(ToolErrors.result(item.require("call_id"), null, result(item), custom, null)
                        .with(Extra.rest(ResponsesFormat.ID, item)));
            }
            case DRAWN -> said(item, drawn(item), request);
            case "item_reference" -> throw ResponsesCodec.kept("item_reference");
            default -> said(item, new Part.Native(ResponsesFormat.ID, item.whole()), request);
        }
    }

    /** A picture of the model's own, which goes back into this format as the item that it is. */
    private static Part drawn(Fields item) {
        String data = item.string("result");
        if (data == null || data.isEmpty()) {
            return new Part.Native(ResponsesFormat.ID, item.whole());
        }
        String format = item.string("output_format");
        return new Part.Image(
                new Media.Inline("image/" + (format == null ? "png" : format), data),
                null,
                null,
                new Extra(ResponsesFormat.ID, Map.of(DRAWN, item.whole())));
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
        List<Part> parts = content(item);
        if (role.equals("assistant") && parts.isEmpty()) {
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
            parts.forEach(part -> said(item, phase == null ? part : of(phase, part), request));
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
                parts,
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

    private Part thought(Fields item) {
        StringBuilder text = new StringBuilder();
        for (String list : List.of("summary", "content")) {
            for (Fields part : item.objects(list)) {
                part.take("type");
                String piece = part.string("text");
                text.append(text.isEmpty() ? "" : "\n\n").append(piece == null ? "" : piece);
            }
        }
        Opaque opaque = seal.read(
                ResponsesFormat.ID, Opaque.Kind.ENCRYPTED, item.string("id"), item.string("encrypted_content"));
        boolean plain = opaque == null && !text.isEmpty();
        return new Part.Thought(text.toString(), plain ? new Opaque("", Opaque.Kind.PLAIN, null, "") : opaque);
    }

    private List<Part> result(Fields item) {
        JsonNode output = item.take("output");
        if (output == null) {
            return List.of();
        }
        if (output.isString()) {
            return output.stringValue().isEmpty() ? List.of() : List.of(Part.Text.of(output.stringValue()));
        }
        return item.objects("output").stream().map(this::part).toList();
    }

    private List<Part> content(Fields item) {
        JsonNode content = item.take("content");
        if (content == null) {
            return List.of();
        }
        if (content.isString()) {
            return content.stringValue().isEmpty() ? List.of() : List.of(Part.Text.of(content.stringValue()));
        }
        return item.objects("content").stream().map(this::part).toList();
    }

    private Part part(Fields part) {
        @Nullable CacheMark cache = CacheMarks.read(part);
        return switch (part.require("type")) {
            case "input_text", "output_text", "text" -> {
                // those of an answer before say nothing new
                List.of("annotations", "logprobs").forEach(part::take);
                String text = part.require("text");
                yield new Part.Text(text, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            case "refusal" -> new Part.Refusal(part.require("refusal"));
            case "input_image" -> {
                String url = part.string("image_url");
                String id = part.string("file_id");
                Media media = url == null
                        ? new Media.Stored(ResponsesFormat.FAMILY, id == null ? part.require("image_url") : id)
                        : DataUrl.media(url, "image/png");
                String detail = part.string("detail");
                yield new Part.Image(media, detail, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            case "input_file" -> {
                String data = part.string("file_data");
                String url = part.string("file_url");
                String name = part.string("filename");
                Media media;
                if (data != null) {
                    media = DataUrl.file(data, name);
                } else if (url != null) {
                    media = new Media.Remote("", url);
                } else {
                    media = new Media.Stored(ResponsesFormat.FAMILY, part.require("file_id"));
                }
                yield new Part.Document(media, name, cache, Extra.rest(ResponsesFormat.ID, part));
            }
            default -> new Part.Native(ResponsesFormat.ID, part.whole());
        };
    }

    private static Part call(Fields item, @Nullable String arguments, boolean custom) {
        String id = item.require("call_id");
        String name = name(item);
        return new Part.ToolCall(
                id, name, arguments == null ? "" : arguments, custom, null, null, Extra.rest(ResponsesFormat.ID, item));
    }

    private static String name(Fields call) {
        return Namespaces.joined(call.string("namespace"), call.require("name"));
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
