package io.omniroute.filters.upstream;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.ApiFormat;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream of what a provider of the client's own format has answered whole. */
final class RetoldOutput implements StreamOutput {

    /** Whose signatures come in another format, too, in a place of their own there. */
    private static final String GEMINI = "gemini";

    private final Supplier<StreamEncoder> encoders;
    private final ApiFormat format;
    private @Nullable StreamEncoder encoder;

    /** @param encoders makes one once there is something of an answer; fails if the request has what only its own format knows */
    RetoldOutput(Supplier<StreamEncoder> encoders, ApiFormat format) {
        this.encoders = encoders;
        this.format = format;
    }

    private StreamEncoder encoder() {
        StreamEncoder known = encoder;
        if (known == null) {
            try {
                known = encoders.get();
            } catch (ApiException notUnderstood) {
                throw UpstreamBody.notStreamed();
            }
            encoder = known;
        }
        return known;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        if (event instanceof StreamEvent.OwnWork
                || (event instanceof StreamEvent.PartSeal seal
                        && seal.opaque().family().equals(GEMINI)
                        && !format.id().equals(GEMINI))
                || (event instanceof StreamEvent.PartSource source
                        && source.annotation().isOfDocument())
                || (event instanceof StreamEvent.PartStart start && start.kind() == PartKind.AUDIO)) {
            // cannot be told, and would be missing in what is told as complete
            throw UpstreamBody.notStreamed();
        }
        if (!(event instanceof StreamEvent.End)) {
            encoder().encode(event, out);
        }
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        // a whole answer has no events
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        encoder().encode(new StreamEvent.End(), out);
    }

    @Override
    public List<byte[]> failed(ApiError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder().fail(error, out);
        return format.errors().apart(out.toByteArray(), error);
    }
}
