package io.omniroute.filters.upstream;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What a client gets of a provider's stream. One per attempt; called by one thread at a time. */
interface StreamOutput {

    /** Something was read of an event. */
    void hear(StreamEvent event, ByteArrayOutputStream out);

    /** An event was read as a whole, and is neither a failure nor the end of a truncated answer. */
    void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out);

    /** The answer is complete, although the provider's terminator has not come. */
    void close(ByteArrayOutputStream out);

    /** What ends a stream which had begun and cannot be completed, in writes that stay apart. */
    List<byte[]> failed(ApiError error);
}
