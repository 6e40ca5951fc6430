package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.FirstCandidate;
import io.omniroute.translators.format.PartSequencer;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.Annotation;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.Opaque;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.SseOutput;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a streamed message: blocks one after another, numbered densely, thoughts with their signature last. Usage and stop
 * reason leave with the end, because both may come late.
 */
final class MessagesStreamEncoder implements StreamEncoder {

    private final AnswerContext context;
    private final PartSequencer sequencer = new PartSequencer(this::write);
    private final FirstCandidate candidate = new FirstCandidate(sequencer::accept);
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean started;
    private final String model;
    private @Nullable Usage usage;
    private long characters;
    private StreamEvent.@Nullable Finish finish;
    private @Nullable PartKind open;
    private @Nullable String signature;
    private boolean calls;
    /** How many code points of the open text there were, and whether a source ends there. */
    private int sent;

    private boolean cut;
    /** Whether the open call has said anything of its arguments. */
    private boolean argued;

    private int index = -1;
    /** Whether a thought was told, or none is missed. */
    private boolean thought;

    MessagesStreamEncoder(AnswerContext context) {
        this.context = context;
        this.model = context.request().model();
        this.thought = !MessageWriter.asksForThoughts(context);
    }

    @Override
    public void encode(StreamEvent event, ByteArrayOutputStream to) {
        out = to;
        candidate.accept(event);
    }

    private void write(StreamEvent event) {
        switch (event) {
            case StreamEvent.Start start -> {
                // who answered is no name that the client asks for
            }
            case StreamEvent.UsageUpdate update -> usage = update.usage();
            case StreamEvent.PartStart start -> start(start);
            case StreamEvent.PartDelta delta -> {
                characters += open != null && open.isWords() ? delta.text().length() : 0;
                delta(delta.text());
            }
            case StreamEvent.PartSeal seal -> seal(seal.opaque());
            case StreamEvent.PartSource source -> {
                if (open == PartKind.TEXT) {
                    Annotation cited = source.annotation();
                    // a range that ends here ends the block before the next text, as in a whole answer
                    cut |= cited.hasRange() && cited.end() == sent;
                    ObjectNode delta = Json.object().put("type", "citations_delta");
                    delta.set("citation", MessageWriter.citation(source.annotation(), context));
                    blockDelta(delta);
                }
            }
            case StreamEvent.OwnWork work -> {
                // cannot be said
            }
            case StreamEvent.PartProbabilities tokens -> {
                // a client of this format cannot ask for them
            }
            case StreamEvent.PartEnd end -> end();
            case StreamEvent.Finish ended -> finish = ended;
            case StreamEvent.End end -> close();
            case StreamEvent.Failure failure -> {
                // told by the format's errors
            }
        }
    }

    @Override
    public void fail(ApiError error, ByteArrayOutputStream to) {
        to.writeBytes(AnthropicFormat.INSTANCE.errors().renderInStream(error));
    }

    private void start(StreamEvent.PartStart start) {
        begin();
        if (start.kind() == PartKind.AUDIO) {
            return;
        }
        if (!thought && start.kind() == PartKind.TOOL_CALL) {
            index++;
            blockStart(Json.object()
                    .put("type", "redacted_thinking")
                    .put("data", context.seal().mark()));
            event("content_block_stop", Json.object().put("index", index));
        }
        thought |= start.kind() != PartKind.TEXT;
        open = start.kind();
        signature = null;
        cut = false;
        sent = 0;
        argued = false;
        if (open == PartKind.REDACTED_REASONING) {
            return; // begins with its data
        }
        index++;
        ObjectNode block = Json.object();
        switch (start.kind()) {
            case REASONING -> block.put("type", "thinking").put("thinking", "").put("signature", "");
            case TOOL_CALL -> {
                calls = true;
                block.put("type", "tool_use")
                        .put("id", start.callId())
                        .put("name", start.name())
                        .putObject("input");
            }
            default -> block.put("type", "text").put("text", "");
        }
        blockStart(block);
        if (start.kind() == PartKind.IMAGE) {
            blockDelta(Json.object().put("type", "text_delta").put("text", MessageWriter.picture(start.name())));
        }
    }

    private void delta(String text) {
        if (open == null || open == PartKind.REDACTED_REASONING || open == PartKind.IMAGE) {
            return;
        }
        ObjectNode delta = Json.object();
        switch (open) {
            case REASONING -> delta.put("type", "thinking_delta").put("thinking", text);
            case TOOL_CALL -> {
                argued = true;
                delta.put("type", "input_json_delta").put("partial_json", text);
            }
            default -> {
                cut();
                sent += text.codePointCount(0, text.length());
                delta.put("type", "text_delta").put("text", text);
            }
        }
        blockDelta(delta);
    }

    /** What was said so far has its sources; what comes now has others. */
    private void cut() {
        if (cut) {
            cut = false;
            event("content_block_stop", Json.object().put("index", index));
            index++;
            blockStart(Json.object().put("type", "text").put("text", ""));
        }
    }

    private void seal(Opaque opaque) {
        if (opaque.kind() == Opaque.Kind.TEXT_SIGNATURE) {
            return; // clients take the last block for the answer
        }
        String shown = context.seal().show(opaque, AnthropicFormat.ID);
        if (open == PartKind.REASONING) {
            signature = shown;
        } else if (open == PartKind.REDACTED_REASONING && !shown.isEmpty()) {
            index++;
            blockStart(Json.object().put("type", "redacted_thinking").put("data", shown));
            event("content_block_stop", Json.object().put("index", index));
        }
    }

    private void end() {
        if (open == PartKind.REASONING) {
            String carried = signature == null ? context.seal().mark() : signature;
            blockDelta(Json.object().put("type", "signature_delta").put("signature", carried));
        }
        if (open == PartKind.TOOL_CALL && !argued) {
            // typed clients wait for one
            blockDelta(Json.object().put("type", "input_json_delta").put("partial_json", "{}"));
        }
        if (open != null && open != PartKind.REDACTED_REASONING) {
            event("content_block_stop", Json.object().put("index", index));
        }
        open = null;
    }

    private void close() {
        begin();
        StreamEvent.Finish ended = finish;
        FinishReason reason = MessageWriter.reason(ended == null ? FinishReason.STOP : ended.reason(), calls);
        ObjectNode delta = Json.object();
        delta.set("delta", MessageWriter.stop(Json.object(), reason, ended == null ? null : ended.detail()));
        delta.set("usage", MessagesUsage.write(usage()));
        event("message_delta", delta);
        event("message_stop", Json.object());
    }

    private Usage usage() {
        Usage known = usage;
        return known == null || known.isNothing() ? Usage.estimated(context.estimatedInput(), characters) : known;
    }

    private void begin() {
        if (started) {
            return;
        }
        started = true;
        ObjectNode message = Json.object()
                .put("id", "msg_" + context.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        message.set("usage", MessagesUsage.write(usage()));
        ObjectNode data = Json.object();
        data.set("message", message);
        event("message_start", data);
    }

    private void blockStart(ObjectNode block) {
        ObjectNode data = Json.object().put("index", index);
        data.set("content_block", block);
        event("content_block_start", data);
    }

    private void blockDelta(ObjectNode delta) {
        ObjectNode data = Json.object().put("index", index);
        data.set("delta", delta);
        event("content_block_delta", data);
    }

    private void event(String type, ObjectNode fields) {
        ObjectNode data = Json.object().put("type", type);
        data.setAll(fields);
        SseOutput.write(type, data, out);
    }
}
