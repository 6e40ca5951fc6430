package io.omniroute.translators.format.openaichat;

import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.UpstreamErrors;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import io.omniroute.translators.sse.TextTemplate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads the chunks of a streamed chat answer. It is complete when every candidate has a {@code finish_reason}. */
final class ChatStreamDecoder implements StreamDecoder {

    private final int choices;
    private final JsonLimits limits;
    private final ChatPayload payload = new ChatPayload();
    private final TextTemplate template = new TextTemplate();
    private boolean usageOnly;
    private boolean done;
    private boolean over;
    private int heard;
    private StreamEvent.@Nullable PartDelta lastDelta;

    /**
     * @param choices how many candidates were asked for
     * @param searches whether the provider may search for what it says
     */
    ChatStreamDecoder(int choices, boolean searches, JsonLimits limits) {
        this.choices = choices;
        this.limits = limits;
        if (searches) {
            payload.searches();
        }
    }

    @Override
    public void decode(SseEvent event, Consumer<StreamEvent> sink) {
        usageOnly = false;
        if (!event.hasData()) {
            return;
        }
        String text = template.textOf(event);
        StreamEvent.PartDelta delta = lastDelta;
        if (text != null && delta != null) {
            payload.grows(delta.part(), text);
            sink.accept(new StreamEvent.PartDelta(delta.part(), text));
            return;
        }
        template.forget();
        if (event.isDone()) {
            done = true;
            end(sink);
            sink.accept(new StreamEvent.End());
            return;
        }
        int length = event.dataEnd() - event.dataStart();
        try (JsonParser parser =
                limits.factory().createParser(ObjectReadContext.empty(), event.data(), event.dataStart(), length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                read(event, parser, sink);
            } else {
                unreadable(sink);
            }
        } catch (JacksonException malformed) {
            unreadable(sink);
        }
    }

    /** What cannot be read behind all that there is to say is nobody's loss. */
    private void unreadable(Consumer<StreamEvent> sink) {
        if (!complete()) {
            sink.accept(StreamDecoder.unreadable());
        }
    }

    @Override
    public void end(Consumer<StreamEvent> sink) {
        over = true;
        if (complete()) {
            payload.close(sink);
        }
    }

    @Override
    public boolean complete() {
        int finished = payload.finishedCandidates(over);
        // servers that do not know of several give one, and say that it is all
        int begun = payload.begunCandidates();
        return finished >= Math.max(choices, begun) || (done && finished > 0 && finished >= begun);
    }

    @Override
    public boolean lastWasUsageOnly() {
        return usageOnly;
    }

    private void read(SseEvent event, JsonParser parser, Consumer<StreamEvent> sink) {
        if ("error".equals(event.name())) {
            sink.accept(new StreamEvent.Failure(UpstreamErrors.inEvent(parser)));
            return;
        }
        heard = 0;
        lastDelta = null;
        payload.read(parser, false, step -> {
            heard++;
            lastDelta = step instanceof StreamEvent.PartDelta delta ? delta : null;
            sink.accept(step);
        });
        usageOnly = payload.lastWasUsageOnly();
        if (heard == 1 && lastDelta != null && !payload.lastHadReason() && !payload.hasDetails()) {
            template.learn(event, lastDelta.text());
        }
    }
}
