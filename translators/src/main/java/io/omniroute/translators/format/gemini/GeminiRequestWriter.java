package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.FunctionSchemas;
import io.omniroute.translators.format.GoogleSchemas;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.Unsaid;
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
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class GeminiRequestWriter {

    private static final int MOST_STOPS = 5;
    private static final String CONFIG = "generationConfig";
    private static final String FUNCTIONS = "functionDeclarations";
    private static final String REASONING = "reasoning";
    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final UnaryOperator<String> names;
    private final ObjectNode body = Json.object();
    private final ObjectNode config = Json.object();

    GeminiRequestWriter(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.names = ToolNames.told(request.extra().format().equals(GeminiFormat.ID), true);
    }

    ObjectNode write() {
        new GeminiTurns(request, target, losses).write(body);
        tools();
        sampling();
        Long limit = request.maxOutput();
        if (limit != null) {
            config.put("maxOutputTokens", Math.min(limit, target.maxOutput()));
            lost(limit > target.maxOutput(), Loss.Code.LIMIT_CLAMPED, "maxOutputTokens");
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
        Unsaid.unsupported(config, target, losses);
        if (!config.isEmpty()) {
            body.set(CONFIG, config);
        }
        Unsaid.restore(body, request.extra(), GeminiFormat.ID);
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
                    } else if (WebSearches.mayBeAsked(request, search, target, losses)) {
                        WebSearchOptions.of(search).nothing(losses);
                        tools.addObject().putObject("googleSearch");
                    }
                }
                case Tool.Hosted hosted when hosted.format().equals(GeminiFormat.ID) -> tools.add(hosted.raw());
                case Tool.Hosted hosted ->
                    throw losses.unsupported("tools", "this provider has no tool \"" + hosted.kind() + "\"");
            }
        }
        lost(request.toolChoice() instanceof ToolChoice.Hosted, Loss.Code.TOOL_CHOICE_WEAKENED, "tool_choice");
        if (!functions.isEmpty()) {
            tools.insertObject(0).set(FUNCTIONS, functions);
        }
        if (tools.isEmpty()) {
            return;
        }
        body.set("tools", tools);
        ToolChoice choice = request.toolChoice();
        ObjectNode config = Json.object();
        if (choice != null && !functions.isEmpty()) {
            config.set("functionCallingConfig", choice(choice));
        }
        if (!functions.isEmpty() && tools.size() > 1 && target.takes().contains("server_side_tool_invocations")) {
            // whoever has both must say so, and then there is no mode but this one in which the model may choose
            config.put("includeServerSideToolInvocations", true);
            if (config.path("functionCallingConfig") instanceof ObjectNode mode
                    && mode.path("mode").asString("").equals("AUTO")) {
                mode.put("mode", "VALIDATED");
            }
        }
        if (!config.isEmpty()) {
            body.set("toolConfig", config);
        }
        lost(Boolean.FALSE.equals(request.parallelTools()), Loss.Code.PARALLEL_DROPPED, "parallel_tool_calls");
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode written = Json.object().put("name", names.apply(function.name()));
        if (function.description() != null) {
            written.put("description", function.description());
        }
        JsonNode schema = function.schema();
        if (schema != null) {
            schema("parameters", schema, "tools." + function.name(), written);
        }
        lost(Boolean.TRUE.equals(function.strict()), Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.strict");
        function.extra().of(GeminiFormat.ID).forEach(written::set);
        return written;
    }

    /** In Gemini's own dialect, or as JSON Schema where that would lose something and the model takes it. */
    private void schema(String field, JsonNode schema, String path, ObjectNode into) {
        Losses own = new Losses(false);
        boolean function = field.equals("parameters");
        JsonNode plain = function && schema instanceof ObjectNode object
                ? FunctionSchemas.withoutChoices(object, own, path)
                : schema;
        JsonNode written = GoogleSchemas.gemini(plain, own, path);
        if (!own.all().isEmpty() && target.jsonSchema()) {
            Losses others = new Losses(false);
            JsonNode json = GoogleSchemas.google(schema, others, path);
            if (others.all().isEmpty()) {
                into.set(function ? "parametersJsonSchema" : "responseJsonSchema", json);
                return;
            }
        }
        own.all().forEach(loss -> losses.add(loss.code(), loss.path()));
        boolean nothing = function
                && written.path("properties").isEmpty()
                && written.path("type").asString("").equalsIgnoreCase("object");
        if (!nothing) {
            into.set(field, written);
        }
    }

    /** Older models refuse a form of the answer beside tools of any kind. */
    private boolean mayBeBound() {
        return target.schemaWithTools() || body.path("tools").isEmpty();
    }

    /** Adds an instruction of the gateway's own behind the client's. */
    private void instruct(String instruction) {
        ObjectNode system =
                body.get("systemInstruction") instanceof ObjectNode known ? known : body.putObject("systemInstruction");
        (system.get("parts") instanceof ArrayNode parts ? parts : system.putArray("parts"))
                .addObject()
                .put("text", instruction);
    }

    private ObjectNode choice(ToolChoice choice) {
        ObjectNode written = Json.object();
        switch (choice) {
            case ToolChoice.Auto auto -> written.put("mode", "AUTO");
            case ToolChoice.None none -> written.put("mode", "NONE");
            case ToolChoice.Required required -> written.put("mode", "ANY");
            case ToolChoice.Named named ->
                written.put("mode", "ANY").putArray("allowedFunctionNames").add(names.apply(named.name()));
            case ToolChoice.Hosted hosted -> written.put("mode", "AUTO");
            case ToolChoice.Among among -> {
                ArrayNode allowed = written.put("mode", among.required() ? "ANY" : "VALIDATED")
                        .putArray("allowedFunctionNames");
                among.names().forEach(name -> allowed.add(names.apply(name)));
            }
        }
        return written;
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        boolean any = sampling.temperature() != null || sampling.topP() != null || sampling.topK() != null;
        if (any && !target.sampling()) {
            losses.add(Loss.Code.SAMPLING_DROPPED, "temperature");
        } else {
            set("temperature", sampling.temperature());
            set("topP", sampling.topP());
            if (sampling.topK() != null) {
                config.put("topK", sampling.topK());
            }
        }
        JsonNode seed = sampling.seed();
        if (seed != null && seed.isIntegralNumber() && seed.canConvertToInt()) {
            config.set("seed", seed);
        } else {
            lost(seed != null, Loss.Code.SEED_DROPPED, "seed");
        }
        penalty("presence", sampling.presencePenalty());
        penalty("frequency", sampling.frequencyPenalty());
        lost(sampling.logitBias() != null, Loss.Code.LOGIT_BIAS_DROPPED, "logit_bias");
        if (sampling.logprobs()) {
            config.put("responseLogprobs", true);
            if (sampling.topLogprobs() != null) {
                config.put("logprobs", sampling.topLogprobs());
            }
        }
    }

    private void penalty(String kind, @Nullable JsonNode value) {
        if (target.unsupported().contains(kind + "_penalty")) {
            lost(value != null, Loss.Code.SAMPLING_DROPPED, kind + "_penalty");
        } else {
            set(kind + "Penalty", value);
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
            case OutputFormat.JsonObject any
            when !mayBeBound() -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                instruct("Unless you call a function, answer with one JSON object and nothing else.");
            }
            case OutputFormat.JsonObject any -> config.put("responseMimeType", "application/json");
            case OutputFormat.JsonSchema schema
            when !mayBeBound() -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                instruct(
                        "Unless you call a function, answer with one JSON object and nothing else. It must follow this JSON Schema: "
                                + Json.text(schema.schema()));
            }
            case OutputFormat.JsonSchema schema -> {
                config.put("responseMimeType", "application/json");
                schema("responseSchema", schema.schema(), "response_format", config);
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
                if (reasoning.mode() == Reasoning.Mode.OFF || "none".equals(effort)) {
                    lost(!target.range().stops(), Loss.Code.EFFORT_CLAMPED, REASONING);
                    thinking.put(
                            "thinkingBudget",
                            target.range().stops() ? 0 : target.range().least());
                } else if (effort != null || reasoning.budget() != null) {
                    thinking.put("thinkingBudget", budget(reasoning));
                } else if (reasoning.mode() == Reasoning.Mode.ADAPTIVE) {
                    thinking.put("thinkingBudget", -1);
                }
            }
            case NONE, EFFORT -> {
                lost(asked, Loss.Code.THINKING_DROPPED, REASONING);
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

    /** As much as the model can; {@code max} is no more than that. */
    private long budget(Reasoning reasoning) {
        long wanted = Thinking.budget(reasoning);
        long budget = target.range().nearest(wanted);
        lost(budget != wanted && wanted != Long.MAX_VALUE, Loss.Code.EFFORT_CLAMPED, REASONING);
        return budget == Long.MAX_VALUE ? Thinking.MOST_USUAL : budget;
    }

    /** Not to think is to think as little as these models can; there is no more than high. */
    private String level(String effort) {
        String wanted = effort.equals("none") ? "minimal" : effort;
        String known = target.range().nearest(wanted);
        String level = LEVELS.contains(known) ? known : "high";
        lost(!level.equals(wanted), Loss.Code.EFFORT_CLAMPED, REASONING);
        return level.toUpperCase(Locale.ROOT);
    }

    private void lesser() {
        lost(request.user() != null, Loss.Code.USER_DROPPED, "user");
        lost(request.metadata() != null, Loss.Code.METADATA_DROPPED, "metadata");
        lost(request.verbosity() != null, Loss.Code.VERBOSITY_DROPPED, "verbosity");
        tier();
        Unsaid.loseMarks(request, losses);
        if (!request.extra().format().equals(GeminiFormat.ID)) {
            Unsaid.write(request, false, body, losses);
            Unsaid.lose(request, true, losses);
            if (Unsaid.wantsPictures(request)) {
                config.putArray("responseModalities").add("TEXT").add("IMAGE");
            }
        }
    }

    private void tier() {
        switch (request.tier()) {
            case null -> {
                // the account's own
            }
            case "auto" -> {
                // the account's own
            }
            case "default" -> body.put("serviceTier", "standard");
            case "flex", "priority" -> body.put("serviceTier", request.tier());
            default -> losses.add(Loss.Code.TIER_DROPPED, "service_tier");
        }
    }

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }
}
