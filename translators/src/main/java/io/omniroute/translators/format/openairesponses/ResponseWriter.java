package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.format.UserIds;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes responses and their items for a client, with the fields of the request that typed clients expect to see again. */
final class ResponseWriter {

    /** What a model writes piece by piece, and may not get to the end of. */
    private static final Set<String> WRITTEN = Set.of("message", "function_call", "custom_tool_call", ToolSearch.CALL);

    private final AnswerContext context;
    private int items;

    ResponseWriter(AnswerContext context) {
        this.context = context;
    }

    ObjectNode whole(ChatAnswer answer) {
        ArrayNode output = Json.array();
        FinishReason reason = FinishReason.STOP;
        if (!answer.candidates().isEmpty()) {
            ChatAnswer.Candidate candidate = answer.candidates().getFirst();
            reason = candidate.reason();
            output(candidate, output);
        }
        ObjectNode response = response(answer.model(), ResponseEnds.status(reason), output);
        ResponseEnds.ended(response, reason);
        response.set("usage", ResponsesUsage.write(answer.usageOr(context.estimatedInput())));
        return response;
    }

    /** The response without its usage. */
    ObjectNode response(String model, String status, ArrayNode output) {
        ChatRequest request = context.request();
        ObjectNode response = Json.object()
                .put("id", "resp_" + context.id())
                .put("object", "response")
                .put("created_at", context.created())
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .putNull("incomplete_details");
        response.set("instructions", ResponsesEcho.instructions(request));
        put(response, "max_output_tokens", request.maxOutput());
        response.put("model", model.isEmpty() ? context.model() : model);
        response.set("output", output);
        response.put("parallel_tool_calls", !Boolean.FALSE.equals(request.parallelTools()));
        response.putNull("previous_response_id");
        response.putObject("reasoning")
                .put("effort", request.reasoning().effort())
                .put("summary", Boolean.TRUE.equals(request.reasoning().shown()) ? "auto" : null);
        response.put("store", false);
        number(response, "temperature", request.sampling().temperature());
        ObjectNode text = response.putObject("text");
        text.set("format", ResponsesEcho.format(request.output()));
        if (request.verbosity() != null) {
            text.put("verbosity", request.verbosity());
        }
        ResponsesEcho echo = new ResponsesEcho(request);
        response.set("tool_choice", echo.choice());
        response.set("tools", echo.tools());
        if (request.sampling().topLogprobs() != null) {
            response.put("top_logprobs", request.sampling().topLogprobs());
        }
        if (request.tier() != null) {
            response.put("service_tier", request.tier());
        }
        number(response, "top_p", request.sampling().topP());
        response.put("truncation", "disabled");
        UserIds.echo(request, response);
        JsonNode metadata = request.metadata();
        response.set("metadata", metadata == null ? Json.object() : metadata);
        return response;
    }

    /** A new item's id, which no other item of the response has. */
    private static String numbered(int item) {
        return item < 10 ? "00" + item : item < 100 ? "0" + item : Integer.toString(item);
    }

    String id(String prefix) {
        return prefix + "_" + context.id() + numbered(items++);
    }

    /** The id of a thought: its provider's, which knows by it what only it can read, or a new one. */
    String thoughtId(@Nullable String known) {
        return known == null || known.isEmpty() ? id("rs") : known;
    }

    /** A new id for a call of that tool. */
    String callId(@Nullable String name) {
        if (ToolSearch.isCalled(name, context.request())) {
            return id("tsc");
        }
        return id(context.request().isCustom(name) ? "ctc" : "fc");
    }

    /** The arguments of a call, of which a function always has some. */
    String arguments(@Nullable String name, String text) {
        return text.isBlank() && !context.request().isCustom(name) ? "{}" : text;
    }

    ObjectNode message(String id, String status, ArrayNode content) {
        ObjectNode item = Json.object()
                .put("id", id)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
        item.set("content", content);
        return item;
    }

    ObjectNode text(String text, List<Annotation> sources, ArrayNode likely) {
        ObjectNode part = Json.object().put("type", "output_text");
        ArrayNode annotations = part.putArray("annotations");
        int length = text.codePointCount(0, text.length());
        sources.forEach(source -> annotations.add(annotation(source, length)));
        part.set("logprobs", likely);
        return part.put("text", text);
    }

    static ObjectNode annotation(Annotation source, int length) {
        if (source.isOfDocument()) {
            return Json.object()
                    .put("type", "file_citation")
                    .put("file_id", "")
                    .put("filename", source.title())
                    .put("index", source.within(0, length).end());
        }
        return Json.object()
                .put("type", "url_citation")
                .put("start_index", source.within(0, length).start())
                .put("end_index", source.within(0, length).end())
                .put("url", source.url())
                .put("title", source.title());
    }

    static ObjectNode refusal(String text) {
        return Json.object().put("type", "refusal").put("refusal", text);
    }

    ObjectNode call(String id, String status, @Nullable String callId, @Nullable String name, String arguments) {
        if (ToolSearch.isCalled(name, context.request())) {
            return ToolSearch.item(id, status, callId, arguments);
        }
        if (context.request().isCustom(name)) {
            ObjectNode call = Json.object()
                    .put("id", id)
                    .put("type", "custom_tool_call")
                    .put("status", status)
                    .put("call_id", callId);
            return Namespaces.put(call, name).put("input", arguments);
        }
        ObjectNode call = Json.object()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", callId);
        return Namespaces.put(call, name).put("arguments", arguments);
    }

    ObjectNode reasoning(String id, String text, @Nullable Opaque opaque) {
        ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
        ArrayNode summary = item.putArray("summary");
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        if (opaque != null) {
            item.put("encrypted_content", context.seal().show(opaque, ResponsesFormat.ID));
        } else if (!text.isEmpty() && !context.seal().mark().isEmpty()) {
            item.put("encrypted_content", context.seal().mark());
        }
        return item;
    }

    /** A picture, as what makes pictures here hands them out. */
    ObjectNode image(String id, String status, @Nullable String mime, @Nullable String data) {
        String format = mime == null ? "png" : mime.substring(mime.indexOf('/') + 1);
        return Json.object()
                .put("id", id)
                .put("type", "image_generation_call")
                .put("status", status)
                .put("output_format", format)
                .put("result", data);
    }

    private void output(ChatAnswer.Candidate candidate, ArrayNode output) {
        @Nullable ArrayNode content = null;
        for (ChatAnswer.Piece piece : candidate.pieces()) {
            PartKind kind = piece.kind();
            if (kind == PartKind.TEXT || kind == PartKind.REFUSAL) {
                if (content == null) {
                    content = Json.array();
                    output.add(message(id("msg"), "completed", content));
                }
                content.add(
                        kind == PartKind.TEXT
                                ? text(piece.text(), piece.sources(), Probabilities.written(piece.tokens()))
                                : refusal(piece.text()));
                continue;
            }
            content = null;
            switch (kind) {
                case IMAGE -> output.add(image(id("ig"), "completed", piece.name(), piece.text()));
                case TOOL_CALL ->
                    output.add(call(
                            callId(piece.name()),
                            "completed",
                            piece.callId(),
                            piece.name(),
                            arguments(piece.name(), piece.text())));
                case REASONING, REDACTED_REASONING ->
                    output.add(reasoning(
                            thoughtId(piece.callId()),
                            piece.text(),
                            piece.seals().isEmpty() ? null : piece.seals().getLast()));
                default -> {
                    // a client of this format cannot hear
                }
            }
        }
        boolean said = candidate.pieces().stream().anyMatch(piece -> piece.kind() == PartKind.REFUSAL);
        if (candidate.reason() == FinishReason.REFUSAL && candidate.detail() != null && !said) {
            if (content == null) {
                content = Json.array();
                output.add(message(id("msg"), "completed", content));
            }
            content.add(refusal(candidate.detail()));
        }
        if (!output.isEmpty()
                && output.get(output.size() - 1) instanceof ObjectNode last
                && WRITTEN.contains(last.path("type").asString(""))) {
            last.put("status", ResponseEnds.statusOfLast(candidate.reason()));
        }
    }

    private static void put(ObjectNode object, String name, @Nullable Long value) {
        if (value == null) {
            object.putNull(name);
        } else {
            object.put(name, value);
        }
    }

    private static void number(ObjectNode object, String name, @Nullable JsonNode value) {
        if (value == null) {
            object.put(name, 1);
        } else {
            object.set(name, value);
        }
    }
}
