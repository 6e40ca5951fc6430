package io.omniroute.translators.format.anthropic;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import io.omniroute.translators.sse.TextTemplate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the events of a streamed message. It is complete when its stop reason is known. */
final class MessagesStreamDecoder implements StreamDecoder {

    private final MessagesUsage usage = new MessagesUsage();
    private @Nullable MessageBlocks blocks;
    private final TextTemplate template = new TextTemplate();
    /** What the event before was, if a text grew and nothing else. */
    private StreamEvent.@Nullable PartDelta last;

    private boolean finished;
    /** The provider has said so itself: what ends before is cut, even behind its last word. */
    private boolean stopped;

    @Override
    public void decode(SseEvent event, Consumer<StreamEvent> sink) {
        if (!event.hasData() || event.isDone()) {
            return;
        }
        String text = template.textOf(event);
        StreamEvent.PartDelta before = last;
        if (text != null && before != null) {
            sink.accept(new StreamEvent.PartDelta(before.part(), text));
            return;
        }
        template.forget();
        last = null;
        try {
            read(Json.read(event.data(), event.dataStart(), event.dataEnd() - event.dataStart()), sink);
        } catch (JacksonException malformed) {
            sink.accept(StreamDecoder.unreadable());
        }
        StreamEvent.PartDelta grown = last;
        if (grown != null) {
            template.learn(event, grown.text());
        }
    }

    @Override
    public boolean complete() {
        return stopped;
    }

    @Override
    public boolean lastWasUsageOnly() {
        return false;
    }

    private void read(JsonNode data, Consumer<StreamEvent> sink) {
        MessageBlocks current = blocks;
        int index = data.path("index").asInt(0);
        switch (data.path("type").asString("")) {
            case "message_start" -> start(data.path("message"), sink);
            case "content_block_start" -> {
                if (current != null) {
                    current.start(index, data.path("content_block"));
                }
            }
            case "content_block_delta" -> {
                if (current != null) {
                    last = current.delta(index, data.path("delta"));
                }
            }
            case "content_block_stop" -> {
                if (current != null) {
                    current.stop(index);
                }
            }
            case "message_delta" -> delta(data, sink);
            case "message_stop" -> {
                stopped = finished;
                sink.accept(new StreamEvent.End());
            }
            case "error" -> sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(data)));
            default -> {
                // else pings and what a later version adds
                if (data.path("error").isObject()) {
                    sink.accept(new StreamEvent.Failure(UpstreamErrors.inAnswer(data)));
                }
            }
        }
    }

    private void start(JsonNode message, Consumer<StreamEvent> sink) {
        MessageBlocks current = blocks;
        if (current != null && current.hasBegun()) {
            sink.accept(failure("the provider began its answer a second time"));
            return;
        }
        MessageBlocks begun = new MessageBlocks(sink);
        blocks = begun;
        if (current == null) {
            sink.accept(new StreamEvent.Start(
                    message.path("id").asString(""), message.path("model").asString("")));
        }
        usage.tell(message.path("usage"), sink);
        begun.whole(message.path("content"));
        if (!message.path("stop_reason").asString("").isEmpty()) {
            // the answer after a program that the provider ran begins with all that it has
            finish(message, sink);
        }
    }

    private void delta(JsonNode data, Consumer<StreamEvent> sink) {
        usage.tell(data.path("usage"), sink);
        finish(data.path("delta"), sink);
    }

    private void finish(JsonNode message, Consumer<StreamEvent> sink) {
        if (!finished && message.hasNonNull("stop_reason")) {
            finished = true;
            MessageBlocks current = blocks;
            if (current != null) {
                current.stopAll();
            }
            sink.accept(MessageReader.finish(message));
        }
    }

    private static StreamEvent failure(String message) {
        return new StreamEvent.Failure(ApiError.upstream(ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, message));
    }
}
