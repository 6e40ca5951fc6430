package io.omniroute.filters.upstream;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** A stream of what a provider of the client's own format has answered whole. */
final class RetoldOutput implements StreamOutput {

    private final StreamEncoder encoder;
    private final ApiFormat format;

    RetoldOutput(StreamEncoder encoder, ApiFormat format) {
        this.encoder = encoder;
        this.format = format;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        if (!(event instanceof StreamEvent.End)) {
            encoder.encode(event, out);
        }
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        // a whole answer has no events
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        encoder.encode(new StreamEvent.End(), out);
    }

    @Override
    public List<byte[]> failed(ApiError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.fail(error, out);
        return format.errors().apart(out.toByteArray(), error);
    }
}
