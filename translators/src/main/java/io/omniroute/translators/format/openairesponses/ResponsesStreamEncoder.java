package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.PartSequencer;
import io.omniroute.translators.format.Probabilities;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of a streamed response: items one after another, each with a beginning and an end, and a final response
 * that has exactly what was streamed.
 */
final class ResponsesStreamEncoder implements StreamEncoder {

    private final AnswerContext context;
    private final ResponseWriter writer;
    private final PartSequencer sequencer = new PartSequencer(this::write);
    private final ResponsesEvents events = new ResponsesEvents();
    private final StringBuilder text = new StringBuilder();
    /** How many code points the open text has. */
    private int points;

    private final List<Annotation> sources = new ArrayList<>();
    private final List<Annotation> waiting = new ArrayList<>();
    private final ArrayNode likely = Json.array();
    private final ArrayNode next = Json.array();
    private String model;
    private boolean begun;
    /** Whether the open call is the client's search for tools. */
    private boolean searches;

    private boolean declined;
    private @Nullable Usage usage;
    private long characters;
    private StreamEvent.@Nullable Finish finish;
    private StreamEvent.@Nullable PartStart open;
    /** A call that has ended, of which only what comes next says whether it is whole. */
    private @Nullable ObjectNode ended;

    private @Nullable Opaque opaque;
    private @Nullable ArrayNode content;
    private String itemId = "";

    ResponsesStreamEncoder(AnswerContext context) {
        this.context = context;
        this.writer = new ResponseWriter(context);
        this.model = context.model();
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        events.to(to);
        sequencer.accept(event);
    }

    @Override
    public void fail(ApiError error, ByteArrayOutputStream to) {
        events.to(to);
        begin();
        endCall("completed");
        ObjectNode response = writer.response(model, "failed", soFar());
        ResponseEnds.failed(response, error);
        response.putNull("usage");
        events.event("error", ResponseEnds.told(error));
        events.terminal("response.failed", response);
    }

    /** The items that are there, and as much as there is of a message that was cut off; half a call is no call. */
    private ArrayNode soFar() {
        ArrayNode items = events.items();
        ArrayNode parts = content;
        if (parts == null) {
            return items;
        }
        ArrayNode said = parts.deepCopy();
        StreamEvent.PartStart part = open;
        if (part != null && part.kind() == PartKind.REFUSAL) {
            said.add(ResponseWriter.refusal(text.toString()));
        } else if (part != null && part.kind() == PartKind.TEXT) {
            said.add(writer.text(text.toString(), sources, likely.deepCopy()));
        }
        return items.deepCopy().add(writer.message(itemId, "incomplete", said));
    }

    private void write(StreamEvent event) {
        switch (event) {
            case StreamEvent.Start start -> model = start.model().isEmpty() ? model : start.model();
            case StreamEvent.UsageUpdate update -> usage = update.usage();
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.PartDelta delta -> {
                characters +=
                        open != null && open.kind().isWords() ? delta.text().length() : 0;
                delta(delta.text());
            }
            case StreamEvent.PartSeal seal -> opaque = seal.opaque();
            case StreamEvent.PartSource source -> source(source.annotation());
            case StreamEvent.PartProbabilities tokens -> next.addAll(Probabilities.written(tokens.tokens()));
            case StreamEvent.PartEnd end -> end();
            case StreamEvent.Finish said -> finish = said;
            case StreamEvent.End end -> close();
            case StreamEvent.OwnWork work -> {
                // cannot be said
            }
            case StreamEvent.Failure failure -> {
                // told by fail
            }
        }
    }

    private void start(StreamEvent.PartStart start) {
        begin();
        endCall("completed");
        open = start;
        opaque = null;
        text.setLength(0);
        points = 0;
        sources.clear();
        waiting.clear();
        likely.removeAll();
        next.removeAll();
        switch (start.kind()) {
            case TEXT, REFUSAL -> {
                if (content == null) {
                    content = Json.array();
                    itemId = writer.id("msg");
                    events.added(writer.message(itemId, "in_progress", Json.array()));
                }
                ObjectNode part = start.kind() == PartKind.TEXT
                        ? writer.text("", List.of(), Json.array())
                        : ResponseWriter.refusal("");
                ObjectNode fields = inContent();
                fields.set("part", part);
                events.event("response.content_part.added", fields);
            }
            case TOOL_CALL -> {
                endMessage("completed");
                searches = ToolSearch.isCalled(start.name(), context.request());
                itemId = writer.callId(start.name());
                events.added(writer.call(itemId, "in_progress", start.callId(), start.name(), ""));
            }
            case REASONING, REDACTED_REASONING -> {
                endMessage("completed");
                itemId = writer.thoughtId(start.callId());
                events.added(writer.reasoning(itemId, "", null));
            }
            case IMAGE -> {
                endMessage("completed");
                itemId = writer.id("ig");
                events.added(writer.image(itemId, "in_progress", start.name(), null));
            }
            case AUDIO -> {
                // a client of this format cannot hear
            }
        }
    }

    private void delta(String piece) {
        StreamEvent.PartStart part = open;
        if (part == null || part.kind() == PartKind.REDACTED_REASONING || part.kind() == PartKind.AUDIO) {
            return;
        }
        text.append(piece);
        if (part.kind() == PartKind.TOOL_CALL && searches) {
            return; // comes whole, with its end
        }
        switch (part.kind()) {
            case IMAGE -> {
                // comes whole, with its end
            }
            case TEXT -> {
                points += piece.codePointCount(0, piece.length());
                ObjectNode fields = inContent().put("delta", piece);
                fields.set("logprobs", next.deepCopy());
                likely.addAll(next);
                next.removeAll();
                events.event("response.output_text.delta", fields);
            }
            case REFUSAL -> {
                declined = true;
                events.event("response.refusal.delta", inContent().put("delta", piece));
            }
            case TOOL_CALL ->
                events.event(
                        context.request().isCustom(part.name())
                                ? "response.custom_tool_call_input.delta"
                                : "response.function_call_arguments.delta",
                        inItem().put("delta", piece));
            default -> thought(piece);
        }
    }

    /** A thought of which nothing is shown has no summary. */
    private void thought(String piece) {
        if (piece.isEmpty()) {
            return;
        }
        if (text.length() == piece.length()) {
            summaryPart("response.reasoning_summary_part.added", "");
        }
        events.event(
                "response.reasoning_summary_text.delta",
                inItem().put("summary_index", 0).put("delta", piece));
    }

    /** A source of a whole part waits until its length is known. */
    private void source(Annotation annotation) {
        if (open == null || open.kind() != PartKind.TEXT) {
            return;
        }
        if (annotation.isOfPart()) {
            waiting.add(annotation);
        } else {
            annotate(annotation);
        }
    }

    private void annotate(Annotation annotation) {
        ObjectNode fields = inContent().put("annotation_index", sources.size());
        fields.set("annotation", ResponseWriter.annotation(annotation, points));
        sources.add(annotation);
        events.event("response.output_text.annotation.added", fields);
    }

    private void end() {
        StreamEvent.PartStart part = open;
        open = null;
        if (part == null) {
            return;
        }
        String whole = text.toString();
        if (part.kind() == PartKind.TOOL_CALL && searches) {
            ended = writer.call(itemId, "completed", part.callId(), part.name(), whole);
            return;
        }
        switch (part.kind()) {
            case TEXT -> {
                waiting.forEach(this::annotate);
                likely.addAll(next);
                ObjectNode done = inContent().put("text", whole);
                done.set("logprobs", likely.deepCopy());
                events.event("response.output_text.done", done);
                endPart(writer.text(whole, sources, likely.deepCopy()));
            }
            case REFUSAL -> {
                events.event("response.refusal.done", inContent().put("refusal", whole));
                endPart(ResponseWriter.refusal(whole));
            }
            case TOOL_CALL -> {
                String arguments = writer.arguments(part.name(), whole);
                if (whole.isEmpty() && !arguments.isEmpty()) {
                    // clients read what they have collected
                    events.event("response.function_call_arguments.delta", inItem().put("delta", arguments));
                }
                if (context.request().isCustom(part.name())) {
                    events.event("response.custom_tool_call_input.done", inItem().put("input", arguments));
                } else {
                    events.event(
                            "response.function_call_arguments.done",
                            inItem().put("arguments", arguments).put("name", Namespaces.local(part.name())));
                }
                ended = writer.call(itemId, "completed", part.callId(), part.name(), arguments);
            }
            case REASONING -> {
                if (!whole.isEmpty()) {
                    events.event(
                            "response.reasoning_summary_text.done",
                            inItem().put("summary_index", 0).put("text", whole));
                    summaryPart("response.reasoning_summary_part.done", whole);
                }
                events.done(writer.reasoning(itemId, whole, opaque));
            }
            case REDACTED_REASONING -> events.done(writer.reasoning(itemId, "", opaque));
            case IMAGE -> events.done(writer.image(itemId, "completed", part.name(), whole));
            case AUDIO -> {
                // was not begun either
            }
        }
    }

    private void endPart(ObjectNode part) {
        ObjectNode fields = inContent();
        fields.set("part", part);
        events.event("response.content_part.done", fields);
        ArrayNode parts = content;
        if (parts != null) {
            parts.add(part);
        }
    }

    private void endMessage(String status) {
        ArrayNode parts = content;
        if (parts != null) {
            content = null;
            events.done(writer.message(itemId, status, parts));
        }
    }

    private void endCall(String status) {
        ObjectNode call = ended;
        if (call != null) {
            ended = null;
            events.done(call.put("status", status));
        }
    }

    private void close() {
        begin();
        StreamEvent.Finish said = finish;
        FinishReason reason = said == null ? FinishReason.STOP : said.reason();
        if (reason == FinishReason.REFUSAL && said != null && said.detail() != null && !declined) {
            start(new StreamEvent.PartStart(0, -1, PartKind.REFUSAL, null, null));
            delta(said.detail());
            end();
        }
        endMessage(ResponseEnds.statusOfLast(reason));
        endCall(ResponseEnds.statusOfLast(reason));
        String status = ResponseEnds.status(reason);
        ObjectNode response = writer.response(model, status, events.items());
        ResponseEnds.ended(response, reason);
        Usage told = usage;
        Usage known = told == null || told.isNothing() ? Usage.estimated(context.estimatedInput(), characters) : told;
        response.set("usage", ResponsesUsage.write(known));
        if (reason == FinishReason.TOOL_ERROR) {
            // some look for this event, and some for the last one
            events.event("error", ResponseEnds.told(UpstreamErrors.malformedCall()));
        }
        events.terminal("response." + status, response);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            for (String type : List.of("response.created", "response.in_progress")) {
                ObjectNode response = writer.response(model, "in_progress", Json.array());
                response.putNull("usage");
                events.terminal(type, response);
            }
        }
    }

    private void summaryPart(String type, String whole) {
        ObjectNode fields = inItem().put("summary_index", 0);
        fields.putObject("part").put("type", "summary_text").put("text", whole);
        events.event(type, fields);
    }

    private ObjectNode inItem() {
        return Json.object()
                .put("item_id", itemId)
                .put("output_index", events.items().size());
    }

    private ObjectNode inContent() {
        return inItem().put("content_index", content == null ? 0 : content.size());
    }
}
