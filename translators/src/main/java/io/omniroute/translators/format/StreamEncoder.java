package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.model.StreamEvent;
import java.io.ByteArrayOutputStream;

/** Turns canonical events into a format's stream. One per answer; not thread-safe. */
public interface StreamEncoder {

    /** Writes what an event means to the client, which may be nothing yet. Failures are not for it. */
    void encode(StreamEvent event, ByteArrayOutputStream out);

    /** Writes the event that ends a stream which cannot be completed; what waited to be put in order is dropped. */
    void fail(ApiError error, ByteArrayOutputStream out);
}
