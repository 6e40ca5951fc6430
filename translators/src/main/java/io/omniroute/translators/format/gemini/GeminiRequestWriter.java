package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.Thinking;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Sampling;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class GeminiRequestWriter {

    private static final int MOST_STOPS = 5;
    private static final String CONFIG = "generationConfig";
    private static final String REASONING = "reasoning";
    private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");

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
        new GeminiToolWriter(request, target, losses).write(body);
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

    /** Older models refuse a form of the answer beside tools of any kind, and all of them beside a function that must be called. */
    private boolean mayBeBound() {
        return body.path("tools").isEmpty() || (target.schemaWithTools() && !request.forcesTool());
    }

    /** Adds an instruction of the gateway's own behind the client's. */
    private void instruct(String instruction) {
        ObjectNode system =
                body.get("systemInstruction") instanceof ObjectNode known ? known : body.putObject("systemInstruction");
        (system.get("parts") instanceof ArrayNode parts ? parts : system.putArray("parts"))
                .addObject()
                .put("text", instruction);
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        boolean any = sampling.temperature() != null || sampling.topP() != null || sampling.topK() != null;
        if (any && !target.sampling()) {
            lost(!sampling.isUsual(), Loss.Code.SAMPLING_DROPPED, "temperature");
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
        if (sampling.logprobs() && target.unsupported().contains("logprobs")) {
            losses.add(Loss.Code.LOGPROBS_DROPPED, "logprobs");
        } else if (sampling.logprobs()) {
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
                new GeminiSchemaWriter(target, losses)
                        .write("responseSchema", schema.schema(), "response_format", config);
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
                } else if (reasoning.mode() == Reasoning.Mode.ADAPTIVE || reasoning.mode() == Reasoning.Mode.ON) {
                    thinking.put("thinkingBudget", -1);
                }
            }
            case NONE, EFFORT -> {
                lost(asked, Loss.Code.THINKING_DROPPED, REASONING);
                return;
            }
        }
        boolean none = thinking.path("thinkingBudget").asLong(-1) == 0;
        if (Boolean.TRUE.equals(reasoning.shown()) && !none) {
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
