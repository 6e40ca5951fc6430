package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.json.Fields;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Extra;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of this format, legacy functions included. */
final class CompletionsRequestReader {

    /** Types of tools that may stand without what the format puts around them. */
    private static final Set<String> FLAT = Set.of("", "function", "custom");

    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

    private final CompletionsMessageReader messages;

    CompletionsRequestReader(CarrierSeal seal) {
        this.messages = new CompletionsMessageReader(seal);
    }

    ChatRequest read(ObjectNode body) {
        Fields fields = Fields.of("", body);
        ChatRequest.Builder request = new ChatRequest.Builder(fields.require("model"));
        Boolean stream = fields.bool("stream");
        request.stream(stream != null && stream);
        fields.take("stream_options");
        fields.objects("messages").forEach(message -> request.add(messages.read(message)));
        fields.objects("tools").forEach(tool -> request.add(tool(tool)));
        fields.objects("functions").forEach(function -> request.add(function(function)));
        if (fields.has("web_search_options")) {
            request.add(new Tool.WebSearch(OpenAiChatFormat.ID, body.get("web_search_options")));
        }
        fields.take("web_search_options");
        JsonNode choice = fields.take("tool_choice");
        request.toolChoice(choice(choice == null ? fields.take("function_call") : choice, fields));
        fields.take("function_call");
        boolean legacy = body.path("functions").isArray() && !body.path("tools").isArray();
        request.legacyFunctions(legacy);
        // a message of theirs has room for one call
        request.parallelTools(legacy ? Boolean.FALSE : fields.bool("parallel_tool_calls"));
        request.sampling(sampling(fields));
        Long limit = fields.whole("max_completion_tokens");
        Long older = fields.whole("max_tokens");
        Long said = limit == null ? older : limit;
        request.maxOutput(said != null && said == ChatCompletionCodec.UNLIMITED ? null : said);
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
        Set<String> unused = new LinkedHashSet<>();
        request.reasoning(AskedThinking.read(fields, unused));
        String safety = fields.string(UserIds.SAFETY);
        String user = fields.string("user");
        request.user(safety == null ? user : safety);
        request.metadata(fields.take("metadata"));
        request.tier(fields.string("service_tier"));
        request.verbosity(fields.string("verbosity"));
        fields.take("store");
        unused.addAll(fields.unread());
        request.unread(unused);
        Map<String, JsonNode> rest = UserIds.kept(fields);
        AskedThinking.keep(fields, rest);
        JsonNode format = body.path("response_format");
        if (!FORMATS.contains(format.path("type").asString("text"))) {
            // a grammar or the like, which only some servers of this format know
            rest.put("response_format", format);
        }
        request.extra(new Extra(OpenAiChatFormat.ID, rest));
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

    private static Tool tool(Fields tool) {
        String type = tool.string("type");
        Fields custom = tool.fields("custom");
        if (custom != null) {
            return new Tool.Custom(
                    custom.require("name"), custom.string("description"), CustomTools.flat(custom.take("format")));
        }
        Fields function = tool.fields("function");
        if (function == null && tool.object().path("name").isString() && FLAT.contains(type == null ? "" : type)) {
            // some clients write tools here as the Responses format has them
            return "custom".equals(type)
                    ? new Tool.Custom(
                            tool.require("name"), tool.string("description"), CustomTools.flat(tool.take("format")))
                    : new Tool.Function(
                            tool.require("name"),
                            tool.string("description"),
                            parameters(tool),
                            tool.bool("strict"),
                            CacheMarks.read(tool),
                            Extra.NONE);
        }
        if (function == null) {
            return new Tool.Hosted(OpenAiChatFormat.ID, type == null ? "" : type, tool.whole());
        }
        return new Tool.Function(
                function.require("name"),
                function.string("description"),
                function.take("parameters"),
                function.bool("strict"),
                CacheMarks.read(tool),
                new Extra(OpenAiChatFormat.ID, tool.rest()));
    }

    private static @Nullable JsonNode parameters(Fields tool) {
        JsonNode parameters = tool.take("parameters");
        return parameters == null ? tool.take("input_schema") : parameters;
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
                            .asString(tool.path("custom")
                                    .path("name")
                                    .asString(tool.path("name").asString(""))))
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
}
