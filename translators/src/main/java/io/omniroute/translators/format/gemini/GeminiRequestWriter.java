package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CacheHints;
import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.SchemaDialect;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.WebSearches;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class GeminiRequestWriter {

    private static final int MOST_STOPS = 5;

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final ObjectNode body = Json.object();
    private final ObjectNode config = Json.object();

    GeminiRequestWriter(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
    }

    ObjectNode write() {
        new GeminiTurns(request, target, losses).write(body);
        tools();
        sampling();
        Long limit = request.maxOutput();
        if (limit != null) {
            config.put("maxOutputTokens", Math.min(limit, target.maxOutput()));
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = config.putArray("stopSequences");
            request.stop().stream().limit(MOST_STOPS).forEach(stop::add);
            lost(request.stop().size() > MOST_STOPS, Loss.Code.STOP_DROPPED, "stop");
        }
        if (request.candidates() > 1) {
            config.put("candidateCount", request.candidates());
        }
        output();
        thinking();
        lesser();
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        request.extra().of(GeminiFormat.ID).forEach(body::set);
        return body;
    }

    private void tools() {
        ArrayNode functions = Json.array();
        ArrayNode tools = Json.array();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> functions.add(function(function));
                case Tool.Custom custom -> functions.add(function(CustomTools.asFunction(custom, losses)));
                case Tool.WebSearch search -> {
                    if (search.format().equals(GeminiFormat.ID)) {
                        tools.add(search.raw());
                    } else if (WebSearches.mayBeAsked(request, target, losses)) {
                        tools.addObject().putObject("googleSearch");
                    }
                }
                case Tool.Hosted hosted when hosted.format().equals(GeminiFormat.ID) -> tools.add(hosted.raw());
                case Tool.Hosted hosted ->
                    throw Losses.unsupported("tools", "this provider has no tool \"" + hosted.kind() + "\"");
            }
        }
        if (!functions.isEmpty()) {
            tools.insertObject(0).set("functionDeclarations", functions);
        }
        if (tools.isEmpty()) {
            return;
        }
        body.set("tools", tools);
        ToolChoice choice = request.toolChoice();
        if (choice != null && !functions.isEmpty()) {
            body.putObject("toolConfig").set("functionCallingConfig", choice(choice));
        }
        lost(Boolean.FALSE.equals(request.parallelTools()), Loss.Code.PARALLEL_DROPPED, "parallel_tool_calls");
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode written = Json.object().put("name", ToolNames.shown(function.name()));
        if (function.description() != null) {
            written.put("description", function.description());
        }
        JsonNode schema = function.schema();
        if (schema != null && !schema.path("properties").isEmpty()) {
            written.set("parameters", SchemaDialect.gemini(schema, losses, "tools." + function.name()));
        }
        lost(Boolean.TRUE.equals(function.strict()), Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.strict");
        lost(function.cache() != null, Loss.Code.CACHE_MARK_DROPPED, "tools.cache_control");
        return written;
    }

    private static ObjectNode choice(ToolChoice choice) {
        ObjectNode written = Json.object();
        switch (choice) {
            case ToolChoice.Auto auto -> written.put("mode", "AUTO");
            case ToolChoice.None none -> written.put("mode", "NONE");
            case ToolChoice.Required required -> written.put("mode", "ANY");
            case ToolChoice.Named named ->
                written.put("mode", "ANY").putArray("allowedFunctionNames").add(ToolNames.shown(named.name()));
            case ToolChoice.Among among -> {
                ArrayNode names = written.put("mode", among.required() ? "ANY" : "VALIDATED")
                        .putArray("allowedFunctionNames");
                among.names().forEach(name -> names.add(ToolNames.shown(name)));
            }
        }
        return written;
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        set("temperature", sampling.temperature());
        set("topP", sampling.topP());
        if (sampling.topK() != null) {
            config.put("topK", sampling.topK());
        }
        JsonNode seed = sampling.seed();
        if (seed != null && seed.isIntegralNumber() && seed.canConvertToInt()) {
            config.set("seed", seed);
        } else {
            lost(seed != null, Loss.Code.SEED_DROPPED, "seed");
        }
        set("presencePenalty", sampling.presencePenalty());
        set("frequencyPenalty", sampling.frequencyPenalty());
        lost(sampling.logitBias() != null, Loss.Code.LOGIT_BIAS_DROPPED, "logit_bias");
        if (sampling.logprobs()) {
            config.put("responseLogprobs", true);
            if (sampling.topLogprobs() != null) {
                config.put("logprobs", sampling.topLogprobs());
            }
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            config.set(name, value);
        }
    }

    private void output() {
        switch (request.output()) {
            case OutputFormat.Text text -> {
                // the usual
            }
            case OutputFormat.JsonObject any -> config.put("responseMimeType", "application/json");
            case OutputFormat.JsonSchema schema -> {
                config.put("responseMimeType", "application/json");
                config.set("responseSchema", SchemaDialect.gemini(schema.schema(), losses, "response_format"));
            }
        }
    }

    private void thinking() {
        Reasoning reasoning = request.reasoning();
        String effort = Thinking.effort(reasoning);
        boolean asked = effort != null || reasoning.mode() != Reasoning.Mode.UNSET;
        if (!asked && reasoning.shown() == null) {
            return;
        }
        ObjectNode thinking = Json.object();
        switch (target.thinking()) {
            case LEVEL -> {
                if (effort != null) {
                    thinking.put("thinkingLevel", level(effort));
                }
            }
            case BUDGET, ADAPTIVE -> {
                if (reasoning.mode() == Reasoning.Mode.OFF) {
                    thinking.put("thinkingBudget", 0);
                } else if (effort != null || reasoning.budget() != null) {
                    thinking.put("thinkingBudget", Math.min(Thinking.budget(reasoning), Thinking.budget(HIGH)));
                } else if (reasoning.mode() == Reasoning.Mode.ADAPTIVE) {
                    thinking.put("thinkingBudget", -1);
                }
            }
            case NONE, EFFORT -> {
                lost(asked, Loss.Code.THINKING_DROPPED, "reasoning");
                return;
            }
        }
        if (Boolean.TRUE.equals(reasoning.shown())) {
            thinking.put("includeThoughts", true);
        }
        if (!thinking.isEmpty()) {
            config.set("thinkingConfig", thinking);
        }
    }

    private static final Reasoning HIGH = new Reasoning(Reasoning.Mode.ON, "high", null, null);

    private String level(String effort) {
        return switch (effort) {
            case "none", "minimal" -> "MINIMAL";
            case "low" -> "LOW";
            case "medium" -> "MEDIUM";
            case "high" -> "HIGH";
            default -> {
                losses.add(Loss.Code.EFFORT_CLAMPED, "reasoning");
                yield "HIGH";
            }
        };
    }

    private void lesser() {
        lost(request.user() != null, Loss.Code.USER_DROPPED, "user");
        lost(request.metadata() != null, Loss.Code.METADATA_DROPPED, "metadata");
        lost(request.verbosity() != null, Loss.Code.VERBOSITY_DROPPED, "verbosity");
        lost(request.tier() != null, Loss.Code.TIER_DROPPED, "service_tier");
        lost(request.cache() != null, Loss.Code.CACHE_MARK_DROPPED, "cache_control");
        if (!request.extra().format().equals(GeminiFormat.ID)) {
            CacheHints.write(request, false, body, losses);
            CacheHints.lose(request, losses);
        }
    }

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }
}
