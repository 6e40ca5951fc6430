package io.omniroute.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Google's generateContent. */
final class GeminiDialect implements Dialect {

    static final String SIGNATURE = "c2FuZGJveC10aG91Z2h0";

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public void check(JsonNode request, String model) {
        GeminiRules.check(request, model);
    }

    @Override
    public Asked asked(JsonNode request, String model) {
        JsonNode contents = request.path("contents");
        JsonNode last = contents.get(contents.size() - 1).path("parts");
        int rounds = (int) contents.valueStream()
                .filter(content -> content.path("parts").valueStream().anyMatch(part -> part.has("functionCall")))
                .count();
        JsonNode config = request.path("generationConfig");
        JsonNode calling = request.path("toolConfig").path("functionCallingConfig");
        JsonNode schema =
                config.has("responseJsonSchema") ? config.path("responseJsonSchema") : config.path("responseSchema");
        return new Asked(
                model,
                config.path("candidateCount").asInt(1),
                request.path("tools")
                        .valueStream()
                        .flatMap(tool -> tool.path("functionDeclarations").valueStream())
                        .map(function -> new Asked.Tool(
                                function.path("name").asString(""),
                                function.has("parametersJsonSchema")
                                        ? function.path("parametersJsonSchema")
                                        : function.path("parameters")))
                        .toList(),
                calling.path("mode").asString("").equals("NONE"),
                calling.path("allowedFunctionNames").path(0).asString(""),
                last.valueStream().anyMatch(part -> part.has("functionResponse")),
                rounds,
                last.valueStream().map(GeminiDialect::text).collect(Collectors.joining(" ")),
                schema.isObject() ? schema : null,
                !schema.isObject()
                        && config.path("responseMimeType").asString("").equals("application/json"),
                contents.toString() + request.path("systemInstruction") + request.path("tools"),
                config.path("responseLogprobs").asBoolean(false),
                false,
                -1);
    }

    @Override
    public String whole(Answer answer, boolean usage) {
        ObjectNode response = JSON.createObjectNode();
        ArrayNode candidates = response.putArray("candidates");
        for (int i = 0; i < answer.choices(); i++) {
            ObjectNode candidate = candidates.addObject();
            ArrayNode parts =
                    candidate.putObject("content").put("role", "model").putArray("parts");
            parts(answer).forEach(parts::add);
            candidate.put("finishReason", "STOP").put("index", i);
            if (answer.cited()) {
                candidate.set("groundingMetadata", grounding(answer));
            }
            if (answer.likelihoods()) {
                candidate.set("logprobsResult", likelihoods(Answer.pieces(answer.text())));
            }
        }
        return named(response, answer, usage).toString();
    }

    @Override
    public List<String> events(Answer answer, boolean usage, boolean finish) {
        List<String> events = new ArrayList<>();
        for (String piece : Answer.pieces(answer.thought())) {
            events.add(event(JSON.createObjectNode().put("text", piece).put("thought", true), answer, false));
        }
        for (String piece : Answer.pieces(answer.text())) {
            events.add(event(JSON.createObjectNode().put("text", piece), answer, false));
        }
        calls(answer).forEach(call -> events.add(event(call, answer, false)));
        if (finish) {
            events.add(event(JSON.createObjectNode().put("text", ""), answer, true, usage));
        }
        return events;
    }

    @Override
    public String terminator() {
        return "";
    }

    @Override
    public String error(VendorError error) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error")
                .put("code", error.status())
                .put("message", error.message())
                .put("status", status(error.status()));
        return root.toString();
    }

    @Override
    public String errorEvent(VendorError error) {
        return "data: " + error(error);
    }

    private static List<ObjectNode> parts(Answer answer) {
        List<ObjectNode> parts = new ArrayList<>();
        if (!answer.thought().isEmpty()) {
            parts.add(JSON.createObjectNode().put("text", answer.thought()).put("thought", true));
        }
        if (!answer.text().isEmpty()) {
            parts.add(JSON.createObjectNode().put("text", answer.text()));
        }
        parts.addAll(calls(answer));
        return parts;
    }

    /** Only the first call of a step is signed, and none has an id. */
    private static List<ObjectNode> calls(Answer answer) {
        List<ObjectNode> calls = new ArrayList<>();
        for (Answer.ToolCall call : answer.toolCalls()) {
            ObjectNode part = JSON.createObjectNode();
            part.putObject("functionCall").put("name", call.name()).set("args", JSON.readTree(call.arguments()));
            if (calls.isEmpty()) {
                part.put("thoughtSignature", SIGNATURE);
            }
            calls.add(part);
        }
        return calls;
    }

    private static String event(ObjectNode part, Answer answer, boolean finish) {
        return event(part, answer, finish, false);
    }

    private static String event(ObjectNode part, Answer answer, boolean finish, boolean usage) {
        ObjectNode response = JSON.createObjectNode();
        ObjectNode candidate = response.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").putArray("parts").add(part);
        if (finish) {
            candidate.put("finishReason", "STOP");
            if (answer.cited()) {
                candidate.set("groundingMetadata", grounding(answer));
            }
        }
        String text = part.path("text").asString("");
        if (answer.likelihoods() && !text.isEmpty() && !part.has("thought")) {
            candidate.set("logprobsResult", likelihoods(List.of(text)));
        }
        candidate.put("index", 0);
        return "data: " + named(response, answer, usage);
    }

    private static ObjectNode named(ObjectNode response, Answer answer, boolean usage) {
        if (usage) {
            long thoughts = Answer.tokens(answer.thought());
            response.putObject("usageMetadata")
                    .put("promptTokenCount", answer.inputTokens())
                    .put("candidatesTokenCount", answer.outputTokens() - thoughts)
                    .put("thoughtsTokenCount", thoughts)
                    .put("totalTokenCount", answer.inputTokens() + answer.outputTokens());
        }
        return response.put("modelVersion", answer.model()).put("responseId", answer.id());
    }

    private static ObjectNode grounding(Answer answer) {
        ObjectNode metadata = JSON.createObjectNode();
        metadata.putArray("webSearchQueries").add("sandbox");
        metadata.putArray("groundingChunks")
                .addObject()
                .putObject("web")
                .put("uri", Answer.SOURCE)
                .put("title", Answer.SOURCE_TITLE);
        ObjectNode support = metadata.putArray("groundingSupports").addObject();
        support.putObject("segment")
                .put("endIndex", answer.text().getBytes(StandardCharsets.UTF_8).length)
                .put("text", answer.text());
        support.putArray("groundingChunkIndices").add(0);
        return metadata;
    }

    private static ObjectNode likelihoods(List<String> tokens) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode chosen = result.putArray("chosenCandidates");
        tokens.forEach(token -> chosen.addObject().put("token", token).put("logProbability", Answer.LIKELIHOOD));
        return result;
    }

    private static String status(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503, 529 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }

    private static String text(JsonNode part) {
        JsonNode response = part.path("functionResponse").path("response");
        return response.isMissingNode()
                ? part.path("text").asString("[part]")
                : response.path("output").asString(response.toString());
    }
}
