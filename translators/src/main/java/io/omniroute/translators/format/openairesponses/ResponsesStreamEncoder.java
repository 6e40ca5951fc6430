package io.omniroute.translators.format.openairesponses;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.FirstCandidate;
import io.omniroute.translators.format.PartSequencer;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of a streamed response: items one after another, each with a beginning and an end, and a final response
 * that has exactly what was streamed.
 */
final class ResponsesStreamEncoder implements StreamEncoder {

    private final AnswerContext context;
    private final ResponseWriter writer;
    private final PartSequencer sequencer = new PartSequencer(this::write);
    private final FirstCandidate candidate = new FirstCandidate(sequencer::accept);
    private final ResponsesEvents events = new ResponsesEvents();
    private final OpenItem item;
    private final OpenText words;
    /** What the open part has of its text, arguments or data. */
    private final StringBuilder text = new StringBuilder();

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

    ResponsesStreamEncoder(AnswerContext context) {
        this.context = context;
        this.writer = new ResponseWriter(context);
        this.item = new OpenItem(writer, events);
        this.words = new OpenText(writer, events, item);
        this.model = context.model();
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        events.to(to);
        candidate.accept(event);
    }

    @Override
    public void fail(ApiError error, ByteArrayOutputStream to) {
        events.to(to);
        begin();
        endCall("completed");
        ObjectNode response = writer.response(model, "failed", item.cutOff(cutOff()));
        ResponseEnds.failed(response, error);
        response.putNull("usage");
        events.event("error", ResponseEnds.told(error));
        events.terminal("response.failed", response);
    }

    /** As much as there is of what was being said; half a call is no call. */
    private @Nullable ObjectNode cutOff() {
        StreamEvent.PartStart part = open;
        if (part != null && part.kind() == PartKind.REFUSAL) {
            return ResponseWriter.refusal(text.toString());
        }
        return part != null && part.kind() == PartKind.TEXT ? words.soFar(text.toString()) : null;
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
            case StreamEvent.PartSource source -> {
                if (open != null && open.kind() == PartKind.TEXT) {
                    words.source(source.annotation());
                }
            }
            case StreamEvent.PartProbabilities tokens -> words.likely(tokens);
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
        words.reset();
        switch (start.kind()) {
            case TEXT -> item.beginPart(words.soFar(""));
            case REFUSAL -> item.beginPart(ResponseWriter.refusal(""));
            case TOOL_CALL -> {
                item.endMessage("completed");
                searches = ToolSearch.isCalled(start.name(), context.request());
                item.begin(writer.callId(start.name()));
                events.added(writer.call(item.id(), "in_progress", start.callId(), start.name(), ""));
            }
            case REASONING, REDACTED_REASONING -> {
                item.endMessage("completed");
                item.begin(writer.thoughtId(start.callId()));
                events.added(writer.reasoning(item.id(), "", null));
            }
            case IMAGE -> {
                item.endMessage("completed");
                item.begin(writer.id("ig"));
                events.added(writer.image(item.id(), "in_progress", start.name(), null));
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
            case TEXT -> words.delta(piece);
            case REFUSAL -> {
                declined = true;
                events.event("response.refusal.delta", item.inContent().put("delta", piece));
            }
            case TOOL_CALL ->
                events.event(
                        context.request().isCustom(part.name())
                                ? "response.custom_tool_call_input.delta"
                                : "response.function_call_arguments.delta",
                        item.inItem().put("delta", piece));
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
                item.inItem().put("summary_index", 0).put("delta", piece));
    }

    private void end() {
        StreamEvent.PartStart part = open;
        open = null;
        if (part == null) {
            return;
        }
        String whole = text.toString();
        if (part.kind() == PartKind.TOOL_CALL && searches) {
            ended = writer.call(item.id(), "completed", part.callId(), part.name(), whole);
            return;
        }
        switch (part.kind()) {
            case TEXT -> words.end(whole);
            case REFUSAL -> {
                events.event("response.refusal.done", item.inContent().put("refusal", whole));
                item.endPart(ResponseWriter.refusal(whole));
            }
            case TOOL_CALL -> {
                String arguments = writer.arguments(part.name(), whole);
                if (whole.isEmpty() && !arguments.isEmpty()) {
                    // clients read what they have collected
                    events.event(
                            "response.function_call_arguments.delta",
                            item.inItem().put("delta", arguments));
                }
                if (context.request().isCustom(part.name())) {
                    events.event(
                            "response.custom_tool_call_input.done",
                            item.inItem().put("input", arguments));
                } else {
                    events.event(
                            "response.function_call_arguments.done",
                            item.inItem().put("arguments", arguments).put("name", Namespaces.local(part.name())));
                }
                ended = writer.call(item.id(), "completed", part.callId(), part.name(), arguments);
            }
            case REASONING -> {
                if (!whole.isEmpty()) {
                    events.event(
                            "response.reasoning_summary_text.done",
                            item.inItem().put("summary_index", 0).put("text", whole));
                    summaryPart("response.reasoning_summary_part.done", whole);
                }
                events.done(writer.reasoning(item.id(), whole, opaque));
            }
            case REDACTED_REASONING -> events.done(writer.reasoning(item.id(), "", opaque));
            case IMAGE -> events.done(writer.image(item.id(), "completed", part.name(), whole));
            case AUDIO -> {
                // was not begun either
            }
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
        item.endMessage(ResponseEnds.statusOfLast(reason));
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
        ObjectNode fields = item.inItem().put("summary_index", 0);
        fields.putObject("part").put("type", "summary_text").put("text", whole);
        events.event(type, fields);
    }
}
