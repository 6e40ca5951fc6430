package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the events of a streamed response. It is complete with its terminal event. */
final class ResponsesStreamDecoder implements StreamDecoder {

    private final Map<Integer, String> paragraphs = new HashMap<>();
    private final ResponsePlaces places = new ResponsePlaces();
    private @Nullable ResponseParts parts;
    private Consumer<StreamEvent> sink = event -> {};
    private boolean started;
    private boolean thinks;
    private boolean ended;

    @Override
    public void decode(SseEvent event, Consumer<StreamEvent> to) {
        if (!event.hasData() || event.isDone()) {
            return;
        }
        sink = to;
        try {
            JsonNode data = Json.read(event.data(), event.dataStart(), event.dataEnd() - event.dataStart());
            read(data, data.path("type").asString(event.name() == null ? "" : event.name()));
        } catch (JacksonException malformed) {
            to.accept(StreamDecoder.unreadable());
        }
    }

    @Override
    public boolean complete() {
        return ended;
    }

    @Override
    public boolean lastWasUsageOnly() {
        return false;
    }

    @Override
    public boolean thinks() {
        return thinks;
    }

    private void read(JsonNode data, String type) {
        ResponseParts current = parts == null ? new ResponseParts(step -> sink.accept(step)) : parts;
        parts = current;
        boolean appears = type.equals("response.output_item.added");
        int index = appears ? places.appears(data) : places.item(data);
        String part = places.part(index, data);
        String delta = data.path("delta").asString("");
        switch (type) {
            case "response.created", "response.in_progress", "response.queued" -> start(data.path("response"));
            case "response.output_item.added" -> {
                thinks |= data.path("item").path("type").asString("").equals("reasoning");
                current.added(index, data.path("item"));
            }
            case "response.output_text.delta" ->
                current.delta(part, PartKind.TEXT, delta, Probabilities.tokens(data.path("logprobs")));
            case "response.refusal.delta" -> current.delta(part, PartKind.REFUSAL, delta);
            case "response.output_text.annotation.added" -> current.sourceOf(part, data.path("annotation"));
            case "response.output_text.done" -> {
                current.whole(part, PartKind.TEXT, data.path("text").asString(""));
                places.partEnds(index, data);
            }
            case "response.refusal.done" -> {
                current.whole(part, PartKind.REFUSAL, data.path("refusal").asString(""));
                places.partEnds(index, data);
            }
            case "response.content_part.added", "response.reasoning_part.added" -> places.partAppears(index, data);
            case "response.reasoning_text.done" -> places.paragraph(index);
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                current.delta(index + ResponseParts.THOUGHT, PartKind.REASONING, separated(index, data) + delta);
            case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
                current.delta(index + "", PartKind.TOOL_CALL, delta);
            case "response.function_call_arguments.done" ->
                current.whole(
                        index + "", PartKind.TOOL_CALL, data.path("arguments").asString(""));
            case "response.output_item.done" -> current.done(index, data.path("item"));
            case "response.completed", "response.incomplete" -> {
                start(data.path("response"));
                current.unsaid(data.path("response").path("output"));
                ended = true;
                ResponseReader.end(data.path("response"), current.hasCalls(), sink);
            }
            case "response.failed" ->
                sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(data.path("response"))));
            case "error" -> sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(data)));
            default -> {
                // else what the provider's own tools do, and what a later version adds
                if (type.isEmpty() && data.path("error").isObject()) {
                    sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(data)));
                }
            }
        }
    }

    /** Several summaries of one thought are paragraphs, and so are a summary and the thought itself. */
    private String separated(int index, JsonNode data) {
        String paragraph = places.paragraph(index, data);
        String before = paragraphs.put(index, paragraph);
        return before == null || before.equals(paragraph) ? "" : "\n\n";
    }

    private void start(JsonNode response) {
        if (!started) {
            started = true;
            sink.accept(new StreamEvent.Start(
                    response.path("id").asString(""), response.path("model").asString("")));
        }
    }
}
