package io.omniroute.filters.upstream;

import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;

/** The provider's own bytes, but for a usage event that the client did not ask for. */
final class PassedOutput implements StreamOutput {

    private final boolean hideUsage;
    private final byte[] terminator;

    /**
     * @param hideUsage whether the usage event is there only because the gateway asked for it
     * @param terminator what ends a complete stream of this format
     */
    PassedOutput(boolean hideUsage, byte[] terminator) {
        this.hideUsage = hideUsage;
        this.terminator = terminator;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        // the bytes say it
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        if (!hideUsage || !decoder.lastWasUsageOnly()) {
            out.write(event.buffer(), event.rawStart(), event.rawEnd() - event.rawStart());
        }
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        out.writeBytes(terminator);
    }
}
