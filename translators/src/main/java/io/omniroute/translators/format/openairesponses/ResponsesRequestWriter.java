package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.ForeignTools;
import io.omniroute.translators.format.JsonMode;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.OpenAiSchemas;
import io.omniroute.translators.format.StrictSchemas;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.format.WebSearchOptions;
import io.omniroute.translators.format.WebSearches;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class ResponsesRequestWriter {

    private static final long LEAST_OUTPUT = 16;

    private final ChatRequest request;

    /** With the tools that stand among its items, which in its own format stay there. */
    private final ChatRequest all;

    private final TargetProfile target;
    private final Losses losses;
    private final UnaryOperator<String> names;
    private final ObjectNode body = Json.object();

    ResponsesRequestWriter(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.all = isOwn() ? ToolSearch.told(request) : request;
        this.names = ToolNames.told(isOwn(), false);
    }

    ObjectNode write() {
        if (request.candidates() > 1) {
            throw losses.unsupported("n", "this provider gives one answer at a time");
        }
        body.put("model", target.model());
        new ResponsesItems(isOwn() ? request.messages() : JsonMode.named(request, target), isOwn(), target, losses)
                // who wants JSON must say so in the conversation itself
                .write(body, isOwn() || !isToldOfJson());
        body.put("store", false);
        if (request.stream()) {
            body.put("stream", true);
        }
        tools();
        Long limit = request.maxOutput();
        if (limit != null) {
            long accepted = Math.max(LEAST_OUTPUT, Math.min(limit, target.maxOutput()));
            lost(accepted != limit, Loss.Code.LIMIT_CLAMPED, "max_output_tokens");
            body.put("max_output_tokens", accepted);
        }
        sampling();
        text();
        reasoning();
        lesser();
        Unsaid.restore(body, request.extra(), ResponsesFormat.ID);
        Unsaid.unsupported(body, target, losses);
        return body;
    }

    private boolean isToldOfJson() {
        return request.output() instanceof OutputFormat.JsonObject || JsonMode.isInstructed(request, target);
    }

    /** Whether the request came in this format. */
    private boolean isOwn() {
        return request.extra().format().equals(ResponsesFormat.ID);
    }

    private void tools() {
        if (all.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = Json.array();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function ->
                    Namespaces.add(
                            tools,
                            function.name(),
                            function.extra().of(ResponsesFormat.ID).get("namespace"),
                            function(function),
                            names);
                case Tool.Custom custom -> {
                    ObjectNode written = Json.object().put("type", "custom").put("name", local(custom.name()));
                    Namespaces.add(
                            tools,
                            custom.name(),
                            custom.extra().of(ResponsesFormat.ID).get("namespace"),
                            written,
                            names);
                    if (custom.description() != null) {
                        written.put("description", custom.description());
                    }
                    if (custom.format() != null) {
                        written.set("format", custom.format());
                    }
                    custom.extra()
                            .without(Set.of("namespace"))
                            .of(ResponsesFormat.ID)
                            .forEach(written::set);
                }
                case Tool.WebSearch search -> {
                    if (search.format().equals(ResponsesFormat.ID)) {
                        tools.add(search.raw());
                    } else if (WebSearches.mayBeAsked(request, search, target, losses)) {
                        tools.add(WebSearchOptions.of(search)
                                .responses(Json.object().put("type", "web_search"), losses));
                    }
                }
                case Tool.Hosted hosted when hosted.format().equals(ResponsesFormat.ID) -> tools.add(hosted.raw());
                case Tool.Hosted hosted -> ForeignTools.leaveOut(hosted, losses);
            }
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        } else if (!isOwn()) {
            return;
        }
        ToolChoice choice = request.toolChoice();
        if (choice != null) {
            body.set("tool_choice", choice(choice));
        }
        if (request.parallelTools() != null) {
            body.put("parallel_tool_calls", request.parallelTools());
        }
    }

    /** What was not said to be strict must be said not to be, for this format would make it so. */
    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("type", "function").put("name", local(function.name()));
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        JsonNode schema =
                isOwn() ? function.schema() : OpenAiSchemas.ofFunction(function.schema(), function.name(), losses);
        if (schema == null) {
            tool.putNull("parameters");
        } else {
            tool.set("parameters", schema);
        }
        tool.put("strict", Boolean.TRUE.equals(StrictSchemas.ofFunction(request, function.strict(), schema, losses)));
        function.extra().without(Set.of("namespace")).of(ResponsesFormat.ID).forEach(tool::set);
        return tool;
    }

    private String local(String name) {
        return names.apply(Objects.requireNonNull(Namespaces.local(name)));
    }

    private JsonNode choice(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto auto -> Json.string("auto");
            case ToolChoice.None none -> Json.string("none");
            case ToolChoice.Required required -> Json.string("required");
            case ToolChoice.Named named -> named(Json.object(), named.name());
            case ToolChoice.Hosted hosted
            when isOwn() || hosted.isSearch() -> Json.object().put("type", isOwn() ? hosted.kind() : "web_search");
            case ToolChoice.Hosted hosted -> weakened();
            case ToolChoice.Among among -> {
                ObjectNode written =
                        Json.object().put("type", "allowed_tools").put("mode", among.required() ? "required" : "auto");
                ArrayNode tools = written.putArray("tools");
                among.names().forEach(name -> named(tools.addObject(), name));
                yield written;
            }
        };
    }

    private ObjectNode named(ObjectNode written, String name) {
        return Namespaces.put(written.put("type", all.isCustom(name) ? "custom" : "function"), name, names);
    }

    private JsonNode weakened() {
        losses.add(Loss.Code.TOOL_CHOICE_WEAKENED, "tool_choice");
        return Json.string("auto");
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        if (target.sampling()) {
            if (sampling.temperature() != null) {
                body.set("temperature", sampling.temperature());
            }
            if (sampling.topP() != null) {
                body.set("top_p", sampling.topP());
            }
        } else {
            boolean told = sampling.temperature() != null || sampling.topP() != null;
            lost(told && !sampling.isUsual(), Loss.Code.SAMPLING_DROPPED, "temperature");
        }
        if (sampling.logprobs() && target.unsupported().contains("logprobs")) {
            losses.add(Loss.Code.LOGPROBS_DROPPED, "logprobs");
        } else if (sampling.logprobs()) {
            body.put("top_logprobs", sampling.topLogprobs() == null ? 0 : sampling.topLogprobs());
            Unsaid.include(body, "message.output_text.logprobs");
        }
        lost(sampling.topK() != null, Loss.Code.SAMPLING_DROPPED, "top_k");
        lost(sampling.seed() != null, Loss.Code.SEED_DROPPED, "seed");
        lost(sampling.presencePenalty() != null, Loss.Code.SAMPLING_DROPPED, "presence_penalty");
        lost(sampling.frequencyPenalty() != null, Loss.Code.SAMPLING_DROPPED, "frequency_penalty");
        lost(sampling.logitBias() != null, Loss.Code.LOGIT_BIAS_DROPPED, "logit_bias");
        lost(!request.stop().isEmpty(), Loss.Code.STOP_DROPPED, "stop");
    }

    private void text() {
        ObjectNode format = format(request.output());
        if (format != null) {
            body.putObject("text").set("format", format);
        }
        if (request.verbosity() != null && target.unsupported().contains("verbosity")) {
            losses.add(Loss.Code.VERBOSITY_DROPPED, "verbosity");
        } else if (request.verbosity() != null) {
            (body.get("text") instanceof ObjectNode text ? text : body.putObject("text"))
                    .put("verbosity", request.verbosity());
        }
    }

    private @org.jspecify.annotations.Nullable ObjectNode format(OutputFormat output) {
        return switch (output) {
            case OutputFormat.Text text -> null;
            case OutputFormat.JsonObject any
            when !isOwn() && JsonMode.isToldOnly(request, target) -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                yield null;
            }
            case OutputFormat.JsonObject any -> Json.object().put("type", "json_object");
            case OutputFormat.JsonSchema schema
            when !isOwn() && JsonMode.isInstructed(request, target) -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                yield JsonMode.isOfNoObject(request) || JsonMode.isToldOnly(request, target)
                        ? null
                        : Json.object().put("type", "json_object");
            }
            case OutputFormat.JsonSchema schema -> {
                ObjectNode format = Json.object()
                        .put("type", "json_schema")
                        .put("name", schema.name() == null ? "response" : schema.name());
                if (schema.description() != null) {
                    format.put("description", schema.description());
                }
                JsonNode plain =
                        isOwn() ? schema.schema() : OpenAiSchemas.ofAnswer(schema.schema(), "response_format", losses);
                format.set("schema", plain);
                yield format.put(
                        "strict", Boolean.TRUE.equals(StrictSchemas.ofAnswer(request, schema.strict(), plain, losses)));
            }
        };
    }

    private void reasoning() {
        Reasoning reasoning = request.reasoning();
        String effort = Thinking.effortToThink(reasoning);
        if (effort != null && Thinking.goesWithoutSaying(effort, target, losses)) {
            return;
        }
        boolean asked = effort != null || reasoning.mode() == Reasoning.Mode.ADAPTIVE;
        if (!asked && !Boolean.TRUE.equals(reasoning.shown())) {
            return;
        }
        if (target.thinking() != TargetProfile.Thinking.EFFORT) {
            lost(effort != null, Loss.Code.THINKING_DROPPED, "reasoning");
            return;
        }
        ObjectNode written = body.putObject("reasoning");
        if (effort != null) {
            String known = Thinking.known(effort, target, losses);
            boolean searches = request.tools().stream()
                    .anyMatch(tool -> tool instanceof Tool.Hosted || tool instanceof Tool.WebSearch);
            if (searches && known.equals("minimal")) {
                // the least that its own tools go with
                losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
                known = "low";
            }
            written.put("effort", known);
        }
        if (Boolean.TRUE.equals(reasoning.shown())) {
            written.put("summary", "auto");
        }
        Unsaid.include(body, "reasoning.encrypted_content");
    }

    private void lesser() {
        if (request.user() != null && !isOwn()) {
            body.put(UserIds.SAFETY, UserIds.shown(request.user()));
        }
        if (request.metadata() != null) {
            body.set("metadata", request.metadata());
        }
        if (request.tier() != null) {
            body.put("service_tier", request.tier());
        }
        if (!isOwn()) {
            Unsaid.loseMarks(request, target, losses);
            Unsaid.write(request, true, body, losses);
            Unsaid.lose(request, false, losses);
        }
    }

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }
}
