package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.IdRule;
import io.omniroute.translators.format.ToolErrors;
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
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of this format, legacy functions included. */
final class CompletionsRequestReader {

    private final CarrierSeal seal;
    private int legacyCalls;

    CompletionsRequestReader(CarrierSeal seal) {
        this.seal = seal;
    }

    ChatRequest read(ObjectNode body) {
        Fields fields = Fields.of("", body);
        ChatRequest.Builder request = new ChatRequest.Builder(fields.require("model"));
        Boolean stream = fields.bool("stream");
        request.stream(stream != null && stream);
        fields.take("stream_options");
        fields.objects("messages").forEach(message -> request.add(message(message)));
        fields.objects("tools").forEach(tool -> request.add(tool(tool)));
        fields.objects("functions").forEach(function -> request.add(function(function)));
        if (fields.has("web_search_options")) {
            request.add(new Tool.WebSearch(OpenAiChatFormat.ID, body.get("web_search_options")));
        }
        fields.take("web_search_options");
        JsonNode choice = fields.take("tool_choice");
        request.toolChoice(choice(choice == null ? fields.take("function_call") : choice, fields));
        fields.take("function_call");
        request.parallelTools(fields.bool("parallel_tool_calls"));
        request.sampling(sampling(fields));
        Long limit = fields.whole("max_completion_tokens");
        Long older = fields.whole("max_tokens");
        request.maxOutput(limit == null ? older : limit);
        JsonNode stop = fields.take("stop");
        if (stop != null) {
            request.stop(
                    stop.isString()
                            ? List.of(stop.stringValue())
                            : stop.values().stream()
                                    .map(node -> node.asString(""))
                                    .toList());
        }
        Long candidates = fields.whole("n");
        request.candidates(candidates == null ? 1 : candidates);
        request.output(output(fields.fields("response_format")));
        String effort = fields.string("reasoning_effort");
        request.reasoning(
                effort == null
                        ? Reasoning.DEFAULT
                        : new Reasoning(
                                effort.equals("none") ? Reasoning.Mode.OFF : Reasoning.Mode.UNSET, effort, null, null));
        String safety = fields.string("safety_identifier");
        String user = fields.string("user");
        request.user(safety == null ? user : safety);
        request.metadata(fields.take("metadata"));
        request.tier(fields.string("service_tier"));
        request.verbosity(fields.string("verbosity"));
        fields.take("prediction");
        fields.take("store");
        request.extra(new Extra(OpenAiChatFormat.ID, fields.rest()));
        return request.build();
    }

    private static Sampling sampling(Fields fields) {
        Boolean logprobs = fields.bool("logprobs");
        return new Sampling(
                fields.number("temperature"),
                fields.number("top_p"),
                fields.whole("top_k"),
                fields.number("seed"),
                fields.number("presence_penalty"),
                fields.number("frequency_penalty"),
                fields.take("logit_bias"),
                logprobs != null && logprobs,
                fields.whole("top_logprobs"));
    }

    private Message message(Fields message) {
        String role = message.require("role");
        String name = message.string("name");
        return switch (role) {
            case "system" -> new Message(Role.SYSTEM, content(message), name, Extra.NONE);
            case "developer" -> new Message(Role.DEVELOPER, content(message), name, Extra.NONE);
            case "user" -> new Message(Role.USER, content(message), name, Extra.NONE);
            case "assistant" -> new Message(Role.ASSISTANT, assistant(message), name, Extra.NONE);
            case "tool" -> Message.of(Role.TOOL, List.of(result(message, message.require("tool_call_id"), null)));
            case "function" -> Message.of(Role.TOOL, List.of(result(message, legacyId(legacyCalls), name)));
            default -> throw message.invalid("role", "\"system\", \"developer\", \"user\", \"assistant\" or \"tool\"");
        };
    }

    private Part result(Fields message, String id, @Nullable String name) {
        return ToolErrors.result(id, name, content(message), false, mark(message.take("cache_control")));
    }

    private List<Part> assistant(Fields message) {
        List<Part> parts = new ArrayList<>();
        thoughts(message, parts);
        parts.addAll(content(message));
        String refusal = message.string("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        for (Fields call : message.objects("tool_calls")) {
            parts.add(call(call));
        }
        Fields legacy = message.fields("function_call");
        if (legacy != null) {
            legacyCalls++;
            String arguments = legacy.string("arguments");
            parts.add(new Part.ToolCall(
                    legacyId(legacyCalls),
                    legacy.require("name"),
                    arguments == null ? "" : arguments,
                    false,
                    null,
                    null));
        }
        return parts;
    }

    /** The richest of the shapes in which reasoning comes back; the others repeat it. */
    private void thoughts(Fields message, List<Part> parts) {
        List<Fields> details = message.objects("reasoning_details");
        List<Fields> blocks = message.objects("thinking_blocks");
        JsonNode plain = message.take("reasoning_content", "reasoning");
        for (Fields detail : details) {
            String text = detail.string("text");
            String summary = detail.string("summary");
            String shown = text == null ? summary : text;
            String signature = detail.string("signature");
            String data = detail.string("data");
            Opaque opaque = seal.read("", Opaque.Kind.SIGNATURE, null, signature == null ? data : signature);
            // a client that merged what was streamed has the text of the only signature beside it
            boolean merged = (shown == null || shown.isEmpty()) && signature != null && details.size() == 1;
            String thought = merged && plain != null && plain.isString() ? plain.stringValue() : shown;
            parts.add(new Part.Thought(thought == null ? "" : thought, own(opaque)));
        }
        for (Fields block : details.isEmpty() ? blocks : List.<Fields>of()) {
            String text = block.string("thinking");
            Opaque opaque = seal.read("", Opaque.Kind.SIGNATURE, null, block.string("signature"));
            parts.add(new Part.Thought(text == null ? "" : text, own(opaque)));
        }
        if (details.isEmpty() && blocks.isEmpty() && plain != null && plain.isString()) {
            parts.add(new Part.Thought(
                    plain.stringValue(), new Opaque(OpenAiChatFormat.ID, Opaque.Kind.PLAIN, null, "")));
        }
    }

    /** A payload that this gateway has not packed belongs to nobody that it knows. */
    private static @Nullable Opaque own(@Nullable Opaque opaque) {
        return opaque == null || opaque.family().isEmpty() ? null : opaque;
    }

    private Part call(Fields call) {
        String id = call.require("id");
        Fields custom = call.fields("custom");
        if (custom != null) {
            String input = custom.string("input");
            return new Part.ToolCall(id, custom.require("name"), input == null ? "" : input, true, null, null);
        }
        Fields function = call.fields("function");
        if (function == null) {
            throw call.missing("function");
        }
        JsonNode arguments = function.take("arguments");
        String text = arguments == null ? "" : arguments.isString() ? arguments.stringValue() : arguments.toString();
        String signature = call.object()
                .path("extra_content")
                .path("google")
                .path("thought_signature")
                .asString("");
        return new Part.ToolCall(
                id,
                function.require("name"),
                text,
                false,
                seal.read("gemini", Opaque.Kind.SIGNATURE, null, signature),
                mark(call.take("cache_control")));
    }

    private List<Part> content(Fields message) {
        JsonNode content = message.take("content");
        CacheMark whole = mark(message.take("cache_control"));
        if (content == null) {
            return List.of();
        }
        if (content.isString()) {
            return content.stringValue().isEmpty()
                    ? List.of()
                    : List.of(new Part.Text(content.stringValue(), whole, Extra.NONE));
        }
        List<Part> parts = new ArrayList<>();
        if (content.isObject()) {
            parts.add(part(Fields.of(message.path("content"), content)));
            return parts;
        }
        message.objects("content").forEach(part -> parts.add(part(part)));
        return parts;
    }

    private Part part(Fields part) {
        CacheMark cache = mark(part.take("cache_control"));
        return switch (part.require("type")) {
            case "text" -> new Part.Text(part.require("text"), cache, Extra.NONE);
            case "refusal" -> new Part.Refusal(part.require("refusal"));
            case "image_url" -> {
                JsonNode url = part.take("image_url");
                String address = url == null
                        ? null
                        : url.isString() ? url.stringValue() : url.path("url").stringValue(null);
                if (url == null || address == null) {
                    throw part.missing("image_url.url");
                }
                yield new Part.Image(
                        DataUrl.media(address, "image/png"), url.path("detail").stringValue(null), cache);
            }
            case "input_audio" -> {
                Fields audio = part.fields("input_audio");
                if (audio == null) {
                    throw part.missing("input_audio");
                }
                String format = audio.require("format");
                yield new Part.Audio(new Media.Inline(
                        format.equals("mp3") ? "audio/mpeg" : "audio/" + format, audio.require("data")));
            }
            case "video_url" ->
                new Part.Video(DataUrl.media(
                        part.object().path("video_url").path("url").asString(""), "video/mp4"));
            case "file" -> file(part, cache);
            case "thinking" ->
                new Part.Thought(
                        part.object().path("thinking").toString(),
                        new Opaque(OpenAiChatFormat.ID, Opaque.Kind.PLAIN, null, ""));
            default -> new Part.Native(OpenAiChatFormat.ID, part.object());
        };
    }

    private static Part file(Fields part, @Nullable CacheMark cache) {
        Fields file = part.fields("file");
        if (file == null) {
            throw part.missing("file");
        }
        String name = file.string("filename");
        String id = file.string("file_id");
        Media media = id == null
                ? DataUrl.media(file.require("file_data"), "application/pdf")
                : new Media.Stored(OpenAiChatFormat.FAMILY, id);
        return new Part.Document(media, name, cache, Extra.NONE);
    }

    private static Tool tool(Fields tool) {
        String type = tool.string("type");
        Fields custom = tool.fields("custom");
        if (custom != null) {
            return new Tool.Custom(custom.require("name"), custom.string("description"), custom.take("format"));
        }
        Fields function = tool.fields("function");
        if (function == null) {
            return new Tool.Hosted(OpenAiChatFormat.ID, type == null ? "" : type, tool.object());
        }
        return new Tool.Function(
                function.require("name"),
                function.string("description"),
                function.take("parameters"),
                function.bool("strict"),
                mark(tool.take("cache_control")),
                Extra.NONE);
    }

    private static Tool function(Fields function) {
        return new Tool.Function(
                function.require("name"),
                function.string("description"),
                function.take("parameters"),
                null,
                null,
                Extra.NONE);
    }

    private static @Nullable ToolChoice choice(@Nullable JsonNode choice, Fields fields) {
        if (choice == null) {
            return null;
        }
        if (choice.isString()) {
            return switch (choice.stringValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required", "any" -> new ToolChoice.Required();
                default -> throw fields.invalid("tool_choice", "\"auto\", \"none\", \"required\" or an object");
            };
        }
        if (choice.path("type").asString("").equals("allowed_tools")) {
            JsonNode allowed = choice.has("allowed_tools") ? choice.path("allowed_tools") : choice;
            List<String> names = allowed.path("tools").values().stream()
                    .map(tool -> tool.path("function")
                            .path("name")
                            .asString(tool.path("name").asString("")))
                    .toList();
            return new ToolChoice.Among(names, allowed.path("mode").asString("").equals("required"));
        }
        String name = choice.path("function")
                .path("name")
                .asString(choice.path("custom")
                        .path("name")
                        .asString(choice.path("name").asString("")));
        if (name.isEmpty()) {
            throw fields.invalid("tool_choice", "an object that names a tool");
        }
        return new ToolChoice.Named(name);
    }

    private static OutputFormat output(@Nullable Fields format) {
        if (format == null) {
            return new OutputFormat.Text();
        }
        return switch (format.require("type")) {
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                Fields schema = format.fields("json_schema");
                JsonNode tree = schema == null ? null : schema.take("schema");
                if (schema == null || tree == null) {
                    throw format.missing("json_schema.schema");
                }
                yield new OutputFormat.JsonSchema(
                        schema.string("name"), schema.string("description"), tree, schema.bool("strict"));
            }
            default -> new OutputFormat.Text();
        };
    }

    private static @Nullable CacheMark mark(@Nullable JsonNode control) {
        return control == null ? null : new CacheMark(control.path("ttl").stringValue(null));
    }

    /** Legacy functions have no ids, and one call a turn: the number of the turn will do. */
    private static String legacyId(int number) {
        return IdRule.derived("function_call " + number, "call_", 29);
    }
}
