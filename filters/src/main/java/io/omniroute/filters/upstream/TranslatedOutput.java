package io.omniroute.filters.upstream;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.StreamEncoder;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;

/** The provider's stream in the client's format. Its end is written only once the answer is known to be complete. */
final class TranslatedOutput implements StreamOutput {

    private final Translation translation;
    private final StreamEncoder encoder;
    private boolean ended;
    private boolean closed;

    TranslatedOutput(Translation translation, StreamEncoder encoder) {
        this.translation = translation;
        this.encoder = encoder;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        hear(event, out, restored -> {});
    }

    /** @param sees what the client gets to see, in its own words */
    void hear(StreamEvent event, ByteArrayOutputStream out, Consumer<StreamEvent> sees) {
        if (event instanceof StreamEvent.End) {
            ended = true;
            return;
        }
        translation.restore(event, restored -> {
            sees.accept(restored);
            encoder.encode(restored, out);
        });
    }

    /** Something that is in the client's own words already. */
    void add(StreamEvent event, ByteArrayOutputStream out) {
        if (event instanceof StreamEvent.End) {
            close(out);
        } else {
            encoder.encode(event, out);
        }
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        if (ended) {
            close(out);
        }
    }

    @Override
    public List<byte[]> failed(ApiError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.fail(error, out);
        return translation.apart(out.toByteArray(), error);
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        if (!closed) {
            closed = true;
            encoder.encode(new StreamEvent.End(), out);
        }
    }
}
