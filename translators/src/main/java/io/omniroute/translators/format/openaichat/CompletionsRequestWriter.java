package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.CacheMarks;
import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.ForeignTools;
import io.omniroute.translators.format.JsonMode;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.OpenAiSchemas;
import io.omniroute.translators.format.StrictSchemas;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.format.WebSearchOptions;
import io.omniroute.translators.format.WebSearches;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class CompletionsRequestWriter {

    private static final int MOST_STOPS = 4;

    /** What Mistral calls a seed. */
    private static final String RANDOM_SEED = "random_seed";

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final UnaryOperator<String> names;
    private final ObjectNode body = Json.object();

    CompletionsRequestWriter(ChatRequest request, TargetProfile target, Losses losses) {
        boolean chooses = request.extra().format().equals(OpenAiChatFormat.ID)
                || target.takes().contains("allowed_tools");
        this.request = chooses ? request : request.withAllowedToolsOnly();
        this.target = target;
        this.losses = losses;
        this.names = ToolNames.told(isOwn(), target.googleSignatures());
    }

    ObjectNode write() {
        body.put("model", target.model());
        body.set(
                "messages",
                new CompletionsTurns(target, losses, isOwn())
                        .write(isOwn() ? request.messages() : JsonMode.named(request, target)));
        if (request.stream()) {
            body.put("stream", true);
            if (!target.unsupported().contains("stream_options")) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
        tools();
        sampling();
        Long limit = request.maxOutput();
        if (limit != null) {
            body.put(target.tokensField(), Math.min(limit, target.maxOutput()));
            if (limit > target.maxOutput()) {
                losses.add(Loss.Code.LIMIT_CLAMPED, target.tokensField());
            }
        }
        stop();
        if (request.candidates() > 1) {
            body.put("n", request.candidates());
        }
        output();
        new CompletionsThinking(request, target, losses, isOwn()).write(body);
        lesser();
        request.extra().of(OpenAiChatFormat.ID).forEach(body::set);
        if (target.takes().contains(RANDOM_SEED) && body.has("seed")) {
            body.set(RANDOM_SEED, body.remove("seed"));
        }
        Unsaid.unsupported(body, target, losses);
        return body;
    }

    /** Whether the request came in this format. */
    private boolean isOwn() {
        return request.extra().format().equals(OpenAiChatFormat.ID);
    }

    private boolean takesCustomTools() {
        return isOwn() || target.takesCustomTools();
    }

    private void tools() {
        ArrayNode tools = Json.array();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> tools.add(function(function));
                case Tool.Custom custom
                when !takesCustomTools() -> tools.add(function(CustomTools.asFunction(custom, losses)));
                case Tool.Custom custom -> {
                    ObjectNode written = tools.addObject().put("type", "custom");
                    ObjectNode inner = written.putObject("custom").put("name", names.apply(custom.name()));
                    if (custom.description() != null) {
                        inner.put("description", custom.description());
                    }
                    if (custom.format() != null) {
                        inner.set("format", CustomTools.nested(custom.format()));
                    }
                }
                case Tool.WebSearch search -> {
                    if (search.format().equals(OpenAiChatFormat.ID)) {
                        body.set("web_search_options", search.raw());
                    } else if (WebSearches.mayBeAsked(request, search, target, losses)) {
                        body.set(
                                "web_search_options",
                                WebSearchOptions.of(search).chat(Json.object(), losses));
                    }
                }
                case Tool.Hosted hosted when hosted.format().equals(OpenAiChatFormat.ID) -> tools.add(hosted.raw());
                case Tool.Hosted hosted -> ForeignTools.leaveOut(hosted, losses);
            }
        }
        if (request.toolChoice() instanceof ToolChoice.Hosted) {
            losses.add(Loss.Code.TOOL_CHOICE_WEAKENED, "tool_choice");
        }
        if (tools.isEmpty()) {
            return;
        }
        body.set("tools", tools);
        ToolChoice choice = request.toolChoice();
        if (choice != null) {
            body.set("tool_choice", choice(choice));
        }
        if (request.parallelTools() != null) {
            body.put("parallel_tool_calls", request.parallelTools());
        }
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("type", "function");
        ObjectNode inner = tool.putObject("function").put("name", names.apply(function.name()));
        if (function.description() != null) {
            inner.put("description", function.description());
        }
        JsonNode schema =
                isOwn() ? function.schema() : OpenAiSchemas.ofFunction(function.schema(), function.name(), losses);
        if (schema != null) {
            inner.set("parameters", schema);
        } else if (!isOwn()) {
            // some want to be told that there are none
            inner.putObject("parameters").put("type", "object").putObject("properties");
        }
        Boolean strict = StrictSchemas.ofFunction(request, function.strict(), schema, losses);
        if (strict != null) {
            inner.put("strict", strict);
        }
        if (isOwn()) {
            CacheMarks.write(function.cache(), tool);
            function.extra().of(OpenAiChatFormat.ID).forEach(tool::set);
        }
        return tool;
    }

    private JsonNode choice(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto auto -> Json.string("auto");
            case ToolChoice.None none -> Json.string("none");
            case ToolChoice.Required required -> Json.string("required");
            case ToolChoice.Named named -> named(named.name());
            case ToolChoice.Hosted hosted -> Json.string("auto");
            case ToolChoice.Among among
            when among.names().size() == 1 && among.required() ->
                named(among.names().getFirst());
            case ToolChoice.Among among -> {
                ObjectNode written = Json.object().put("type", "allowed_tools");
                ObjectNode allowed =
                        written.putObject("allowed_tools").put("mode", among.required() ? "required" : "auto");
                ArrayNode tools = allowed.putArray("tools");
                among.names().forEach(name -> tools.add(named(name)));
                yield written;
            }
        };
    }

    private ObjectNode named(String name) {
        String type = request.isCustom(name) && takesCustomTools() ? "custom" : "function";
        ObjectNode written = Json.object().put("type", type);
        written.putObject(type).put("name", names.apply(name));
        return written;
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        if (target.sampling()) {
            set("temperature", sampling.temperature());
            set("top_p", sampling.topP());
        } else if (!sampling.isUsual() && (sampling.temperature() != null || sampling.topP() != null)) {
            losses.add(Loss.Code.SAMPLING_DROPPED, "temperature");
        }
        if (sampling.topK() != null && (isOwn() || target.takes().contains("top_k"))) {
            body.put("top_k", sampling.topK());
        } else if (sampling.topK() != null) {
            losses.add(Loss.Code.SAMPLING_DROPPED, "top_k");
        }
        set("seed", sampling.seed());
        set("presence_penalty", sampling.presencePenalty());
        set("frequency_penalty", sampling.frequencyPenalty());
        set("logit_bias", sampling.logitBias());
        if (sampling.logprobs() && target.unsupported().contains("logprobs")) {
            losses.add(Loss.Code.LOGPROBS_DROPPED, "logprobs");
        } else if (sampling.logprobs()) {
            body.put("logprobs", true);
            if (sampling.topLogprobs() != null) {
                body.put("top_logprobs", sampling.topLogprobs());
            }
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value == null) {
            return;
        }
        if (target.unsupported().contains(name)) {
            losses.add(Loss.Code.SAMPLING_DROPPED, name);
        } else {
            body.set(name, value);
        }
    }

    private void stop() {
        if (request.stop().isEmpty()) {
            return;
        }
        if (target.unsupported().contains("stop")) {
            losses.add(Loss.Code.STOP_DROPPED, "stop");
            return;
        }
        ArrayNode stop = body.putArray("stop");
        request.stop().stream().limit(MOST_STOPS).forEach(stop::add);
        if (request.stop().size() > MOST_STOPS) {
            losses.add(Loss.Code.STOP_DROPPED, "stop");
        }
    }

    private void output() {
        switch (request.output()) {
            case OutputFormat.Text text -> {
                // the usual
            }
            case OutputFormat.JsonObject any
            when !isOwn() && JsonMode.isToldOnly(request, target) ->
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
            case OutputFormat.JsonObject any ->
                body.putObject("response_format").put("type", "json_object");
            case OutputFormat.JsonSchema schema
            when !isOwn() && JsonMode.isInstructed(request, target) -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                if (!JsonMode.isOfNoObject(request) && !JsonMode.isToldOnly(request, target)) {
                    body.putObject("response_format").put("type", "json_object");
                }
            }
            case OutputFormat.JsonSchema schema -> {
                ObjectNode inner = body.putObject("response_format")
                        .put("type", "json_schema")
                        .putObject("json_schema")
                        .put("name", schema.name() == null ? "response" : schema.name());
                if (schema.description() != null) {
                    inner.put("description", schema.description());
                }
                JsonNode plain =
                        isOwn() ? schema.schema() : OpenAiSchemas.ofAnswer(schema.schema(), "response_format", losses);
                inner.set("schema", plain);
                Boolean strict = StrictSchemas.ofAnswer(request, schema.strict(), plain, losses);
                if (strict != null) {
                    inner.put("strict", strict);
                }
            }
        }
    }

    private void lesser() {
        if (request.user() != null && !isOwn()) {
            body.put(target.takes().contains(UserIds.SAFETY) ? UserIds.SAFETY : "user", UserIds.shown(request.user()));
        }
        if (request.metadata() != null && isOwn()) {
            body.set("metadata", request.metadata());
        } else if (request.metadata() != null) {
            losses.add(Loss.Code.METADATA_DROPPED, "metadata");
        }
        if (request.tier() != null && (isOwn() || target.takes().contains("service_tier"))) {
            body.put("service_tier", request.tier());
        } else if (request.tier() != null) {
            losses.add(Loss.Code.TIER_DROPPED, "service_tier");
        }
        boolean verbose =
                target.takes().contains("verbosity") && !target.unsupported().contains("verbosity");
        if (request.verbosity() != null && (isOwn() || verbose)) {
            body.put("verbosity", request.verbosity());
        } else if (request.verbosity() != null) {
            losses.add(Loss.Code.VERBOSITY_DROPPED, "verbosity");
        }
        if (!isOwn()) {
            Unsaid.loseMarks(request, target, losses);
            Unsaid.write(request, target.promptCacheKey(), body, losses);
            Unsaid.lose(request, true, losses);
            if (Unsaid.wantsPictures(request)) {
                body.putArray("modalities").add("image").add("text");
            }
        }
    }
}
