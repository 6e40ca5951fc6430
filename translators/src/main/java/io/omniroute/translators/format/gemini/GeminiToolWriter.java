package io.omniroute.translators.format.gemini;

import io.omniroute.translators.format.CustomTools;
import io.omniroute.translators.format.ForeignTools;
import io.omniroute.translators.format.Losses;
import io.omniroute.translators.format.TargetProfile;
import io.omniroute.translators.format.ToolNames;
import io.omniroute.translators.format.WebSearchOptions;
import io.omniroute.translators.format.WebSearches;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Tool;
import io.omniroute.translators.model.ToolChoice;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the tools of a request, and which of them are to be called. */
final class GeminiToolWriter {

    private static final String FUNCTIONS = "functionDeclarations";

    private final ChatRequest request;
    private final TargetProfile target;
    private final Losses losses;
    private final GeminiSchemaWriter schemas;
    private final UnaryOperator<String> names;

    GeminiToolWriter(ChatRequest request, TargetProfile target, Losses losses) {
        this.request = request;
        this.target = target;
        this.losses = losses;
        this.schemas = new GeminiSchemaWriter(target, losses);
        this.names = ToolNames.told(request.extra().format().equals(GeminiFormat.ID), true);
    }

    void write(ObjectNode body) {
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
                case Tool.Hosted hosted -> ForeignTools.leaveOut(hosted, losses);
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
            schemas.write("parameters", schema, "tools." + function.name(), written);
        }
        boolean validated = request.toolChoice() instanceof ToolChoice.Auto auto && auto.validated()
                || request.toolChoice() instanceof ToolChoice.Among among && !among.required();
        lost(Boolean.TRUE.equals(function.strict()) && !validated, Loss.Code.TOOL_STRICTNESS_DROPPED, "tools.strict");
        function.extra().of(GeminiFormat.ID).forEach(written::set);
        return written;
    }

    private ObjectNode choice(ToolChoice choice) {
        ObjectNode written = Json.object();
        switch (choice) {
            case ToolChoice.Auto auto -> written.put("mode", auto.validated() ? "VALIDATED" : "AUTO");
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

    private void lost(boolean given, Loss.Code code, String path) {
        if (given) {
            losses.add(code, path);
        }
    }
}
