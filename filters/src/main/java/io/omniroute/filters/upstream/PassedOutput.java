package io.omniroute.filters.upstream;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** The provider's own bytes, but for a usage event that the client did not ask for, and the name of the model where clients compare it. */
final class PassedOutput implements StreamOutput {

    private final boolean hideUsage;
    private final byte[] terminator;
    private final ApiFormat format;
    private final String asked;
    private boolean begun;
    private boolean named;
    private String id = "";
    private String model = "";
    private int events;

    /**
     * @param hideUsage whether the usage event is there only because the gateway asked for it
     * @param format the client's and the provider's
     * @param asked the model's name as the client wrote it
     */
    PassedOutput(boolean hideUsage, ApiFormat format, String asked) {
        this.asked = asked;
        this.hideUsage = hideUsage;
        this.terminator = format.streamTerminator();
        this.format = format;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        if (event instanceof StreamEvent.Start start) {
            id = start.id();
            model = start.model();
        }
        begun |= event instanceof StreamEvent.PartStart;
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        events += event.hasData() ? 1 : 0;
        if (hideUsage && decoder.lastWasUsageOnly()) {
            return;
        }
        if (!named && event.hasData() && event.data() == event.buffer()) {
            named = begun;
            first(event, out);
        } else {
            out.write(event.buffer(), event.rawStart(), event.rawEnd() - event.rawStart());
        }
    }

    /** One of the events, before there is content, in which a stream says who answers; some say it twice. */
    private void first(SseEvent event, ByteArrayOutputStream out) {
        byte[] data = Arrays.copyOfRange(event.data(), event.dataStart(), event.dataEnd());
        out.write(event.buffer(), event.rawStart(), event.dataStart() - event.rawStart());
        out.writeBytes(format.named(data, asked));
        out.write(event.buffer(), event.dataEnd(), event.rawEnd() - event.dataEnd());
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        out.writeBytes(terminator);
    }

    @Override
    public List<byte[]> failed(ApiError error) {
        return format.errors().apart(format.failedStream(error, id, model, events), error);
    }
}
