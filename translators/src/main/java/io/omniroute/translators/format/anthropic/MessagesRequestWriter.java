package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.ForeignTools;
import io.omniroute.translators.format.JsonMode;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.SchemaDialect;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.Unsaid;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.format.WebSearchOptions;
import io.omniroute.translators.format.WebSearches;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.CacheMark;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.OutputFormat;
import io.omniroute.translators.model.Reasoning;
import io.omniroute.translators.model.Sampling;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a provider of this format. */
final class MessagesRequestWriter {

    private static final String MANAGEMENT = "context_management";
    private static final String EDITS = "edits";
    private static final int MOST_MARKS = 4;

    private @Nullable Boolean fewStrict;
    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final UnaryOperator<String> names;
    private final ObjectNode body = Json.object();
    private final List<ObjectNode> marked = new ArrayList<>();

    MessagesRequestWriter(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request.withAllowedToolsOnly();
        this.target = target;
        this.losses = losses;
        this.names = ToolNames.told(request.extra().format().equals(AnthropicFormat.ID), false);
    }

    ObjectNode write() {
        if (request.candidates() > 1) {
            throw losses.unsupported("n", "this provider gives one answer at a time");
        }
        long limit = limit();
        body.put("model", target.model()).put("max_tokens", limit);
        if (request.stream()) {
            body.put("stream", true);
        }
        MessagesTurns turns = new MessagesTurns(request, target, losses);
        turns.write(body);
        tools();
        marked.addAll(turns.marked());
        boolean thinks = new MessagesThinking(request, target, losses, body).write(limit);
        sampling(thinks);
        stop();
        output();
        if (request.user() != null) {
            body.putObject("metadata").put("user_id", isOwn() ? request.user() : UserIds.anonymous(request.user()));
        }
        lesser();
        Unsaid.restore(body, request.extra(), AnthropicFormat.ID);
        withoutThoughtsToClear();
        Unsaid.unsupported(body, target, losses);
        fewerMarks();
        return body;
    }

    /** The provider refuses what has no visible character. */
    private void stop() {
        List<String> visible =
                request.stop().stream().filter(text -> !text.isBlank()).toList();
        lost(visible.size() < request.stop().size(), Loss.Code.STOP_DROPPED, "stop");
        if (!visible.isEmpty()) {
            visible.forEach(body.putArray("stop_sequences")::add);
        }
    }

    /** The latest marks of what may be cached count most: tools come first in a prompt, then the system, then the turns. */
    private void fewerMarks() {
        int most = request.cache() == null ? MOST_MARKS : MOST_MARKS - 1;
        for (int i = 0; i < marked.size() - most; i++) {
            marked.get(i).remove("cache_control");
            losses.add(Loss.Code.CACHE_MARK_DROPPED, "cache_control");
        }
    }

    private long limit() {
        Long wanted = request.maxOutput();
        lost(wanted != null && wanted > target.maxOutput(), Loss.Code.LIMIT_CLAMPED, "max_tokens");
        return Math.min(wanted == null ? target.defaultOutput() : wanted, target.maxOutput());
    }

    private void tools() {
        if (request.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = Json.array();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> tools.add(function(function));
                case Tool.WebSearch search -> {
                    if (search.format().equals(AnthropicFormat.ID)) {
                        tools.add(search.raw());
                    } else if (WebSearches.mayBeAsked(request, search, target, losses)) {
                        tools.add(WebSearchOptions.of(search)
                                .anthropic(
                                        Json.object()
                                                .put("type", "web_search_20250305")
                                                .put("name", "web_search"),
                                        losses));
                    }
                }
                case Tool.Custom custom -> tools.add(function(CustomTools.asFunction(custom, losses)));
                case Tool.Hosted hosted when hosted.format().equals(AnthropicFormat.ID) -> tools.add(hosted.raw());
                case Tool.Hosted hosted -> ForeignTools.leaveOut(hosted, losses);
            }
        }
        if (tools.isEmpty()) {
            return;
        }
        body.set("tools", tools);
        ObjectNode choice = choice();
        if (choice != null) {
            body.set("tool_choice", choice);
        }
    }

    private boolean isOwn() {
        return request.extra().format().equals(AnthropicFormat.ID);
    }

    /** Only of a model that thinks can thoughts be cleared. */
    private void withoutThoughtsToClear() {
        String type = body.path("thinking").path("type").asString("");
        // some models think without being told
        boolean untold = request.reasoning().mode() == Reasoning.Mode.UNSET
                && target.thinking() != TargetProfile.Thinking.BUDGET;
        if ((!type.isEmpty() && !type.equals("disabled"))
                || (type.isEmpty() && untold)
                || !(body.get(MANAGEMENT) instanceof ObjectNode management)) {
            return;
        }
        ArrayNode others = Json.array();
        management.path(EDITS).forEach(edit -> {
            if (!edit.path("type").asString("").startsWith("clear_thinking")) {
                others.add(edit);
            }
        });
        if (others.size() == management.path(EDITS).size()) {
            return;
        }
        losses.add(Loss.Code.FIELD_DROPPED, MANAGEMENT);
        ObjectNode changed = management.deepCopy();
        changed.set(EDITS, others);
        if (others.isEmpty()) {
            body.remove(MANAGEMENT);
        } else {
            body.set(MANAGEMENT, changed);
        }
    }

    /** The answer's schema comes first: what it takes is not left for tools. */
    private boolean fewAreStrict() {
        Boolean known = fewStrict;
        if (known == null) {
            known = StrictTools.areFew(
                    request.tools(), StrictTools.isFollowed(request, target) ? schema() : Json.nothing());
            fewStrict = known;
        }
        return known;
    }

    private JsonNode schema() {
        return request.output() instanceof OutputFormat.JsonSchema schema ? schema.schema() : Json.nothing();
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = Json.object().put("name", names.apply(function.name()));
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        JsonNode schema = function.schema();
        boolean strict = Boolean.TRUE.equals(function.strict());
        boolean own = isOwn();
        if (schema == null || !schema.isObject()) {
            tool.putObject("input_schema").put("type", "object").putObject("properties");
        } else if (strict && fewAreStrict() && target.structuredOutput() && !SchemaDialect.isRecursive(schema)) {
            JsonNode plain = own
                    ? schema
                    : SchemaDialect.anthropicFunction((ObjectNode) schema, losses, "tools." + function.name());
            tool.set("input_schema", SchemaDialect.anthropic(plain, losses, "tools." + function.name()));
            tool.put("strict", true);
        } else {
            lost(strict, Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.strict");
            tool.set(
                    "input_schema",
                    own
                            ? schema
                            : SchemaDialect.anthropicFunction((ObjectNode) schema, losses, "tools." + function.name()));
        }
        if (function.cache() != null) {
            mark(function.cache(), tool);
            marked.add(tool);
        }
        function.extra().of(AnthropicFormat.ID).forEach(tool::set);
        return tool;
    }

    private @Nullable ObjectNode choice() {
        ToolChoice wanted = request.toolChoice();
        ObjectNode choice = switch (wanted) {
            case null -> null;
            case ToolChoice.Auto auto -> Json.object().put("type", "auto");
            case ToolChoice.None none -> Json.object().put("type", "none");
            case ToolChoice.Required required -> Json.object().put("type", "any");
            case ToolChoice.Named named -> Json.object().put("type", "tool").put("name", names.apply(named.name()));
            case ToolChoice.Hosted hosted
            when hosted.isSearch() || isOwn() ->
                Json.object().put("type", "tool").put("name", hosted.isSearch() ? "web_search" : hosted.kind());
            case ToolChoice.Hosted hosted -> {
                losses.add(Loss.Code.TOOL_CHOICE_WEAKENED, "tool_choice");
                yield Json.object().put("type", "auto");
            }
            case ToolChoice.Among among -> Json.object().put("type", among.required() ? "any" : "auto");
        };
        if (choice != null
                && !choice.path("type").asString("").equals("auto")
                && !(wanted instanceof ToolChoice.None)
                && target.unsupported().contains("forced_tool_choice")) {
            losses.add(Loss.Code.TOOL_CHOICE_WEAKENED, "tool_choice");
            choice = Json.object().put("type", "auto");
        }
        if (Boolean.FALSE.equals(request.parallelTools()) && !(wanted instanceof ToolChoice.None)) {
            ObjectNode carrying = choice == null ? Json.object().put("type", "auto") : choice;
            return carrying.put("disable_parallel_tool_use", true);
        }
        return choice;
    }

    private void sampling(boolean thinks) {
        Sampling sampling = request.sampling();
        boolean any = sampling.temperature() != null || sampling.topP() != null || sampling.topK() != null;
        if (any && (thinks || !target.sampling())) {
            lost(!sampling.isUsual(), Loss.Code.SAMPLING_DROPPED, "temperature");
        } else {
            JsonNode temperature = sampling.temperature();
            if (temperature != null && temperature.decimalValue().compareTo(BigDecimal.ONE) > 0) {
                losses.add(Loss.Code.TEMPERATURE_CLAMPED, "temperature");
                body.put("temperature", 1);
            } else if (temperature != null) {
                body.set("temperature", temperature);
            }
            if (sampling.topP() != null && (temperature == null || isOwn())) {
                body.set("top_p", sampling.topP());
            } else if (sampling.topP() != null) {
                // newer models take one of the two
                losses.add(Loss.Code.SAMPLING_DROPPED, "top_p");
            }
            if (sampling.topK() != null) {
                body.put("top_k", sampling.topK());
            }
        }
        lost(sampling.seed() != null, Loss.Code.SEED_DROPPED, "seed");
        lost(sampling.presencePenalty() != null, Loss.Code.SAMPLING_DROPPED, "presence_penalty");
        lost(sampling.frequencyPenalty() != null, Loss.Code.SAMPLING_DROPPED, "frequency_penalty");
        lost(sampling.logitBias() != null, Loss.Code.LOGIT_BIAS_DROPPED, "logit_bias");
        lost(sampling.logprobs(), Loss.Code.LOGPROBS_DROPPED, "logprobs");
    }

    private void output() {
        switch (request.output()) {
            case OutputFormat.Text text -> {
                // the usual
            }
            case OutputFormat.JsonObject any -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                MessagesTurns.instruct(body, JsonMode.instruction(request));
            }
            case OutputFormat.JsonSchema schema
            when !StrictTools.isFollowed(request, target) -> {
                losses.add(Loss.Code.FORMAT_INSTRUCTED, "response_format");
                MessagesTurns.instruct(
                        body,
                        JsonMode.instruction(request) + " It must follow this JSON Schema: "
                                + Json.text(schema.schema()));
            }
            case OutputFormat.JsonSchema schema -> {
                ObjectNode format = Json.object().put("type", "json_schema");
                format.set("schema", SchemaDialect.anthropic(schema.schema(), losses, "response_format"));
                MessagesThinking.output(body, "format", format);
            }
        }
    }

    private void lesser() {
        lost(request.verbosity() != null, Loss.Code.VERBOSITY_DROPPED, "verbosity");
        lost(request.metadata() != null, Loss.Code.METADATA_DROPPED, "metadata");
        String tier = request.tier();
        if (tier != null) {
            switch (tier) {
                case "auto" -> body.put("service_tier", "auto");
                case "default" -> body.put("service_tier", "standard_only");
                case "priority" -> {
                    // the priority that the account has, if it has any
                    body.put("service_tier", "auto");
                    losses.add(Loss.Code.TIER_DROPPED, "service_tier");
                }
                default -> losses.add(Loss.Code.TIER_DROPPED, "service_tier");
            }
        }
        mark(request.cache(), body);
        if (!isOwn()) {
            Unsaid.write(request, false, body, losses);
            Unsaid.lose(request, false, losses);
        }
    }

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }

    static void mark(@Nullable CacheMark cache, ObjectNode object) {
        if (cache != null) {
            ObjectNode control = object.putObject("cache_control").put("type", "ephemeral");
            if (List.of("5m", "1h").contains(cache.ttl() == null ? "" : cache.ttl())) {
                control.put("ttl", cache.ttl());
            }
        }
    }
}
