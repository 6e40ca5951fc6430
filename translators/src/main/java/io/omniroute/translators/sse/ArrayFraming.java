package io.omniroute.translators.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Turns a stream of events into one JSON array of what they say. One per stream; not thread-safe. */
public final class ArrayFraming {

    private static final byte[] FIRST = "[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = ",\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = "[]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST = "]".getBytes(StandardCharsets.US_ASCII);

    private final SseParser parser;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private boolean begun;

    /** @param longest the most bytes of one event */
    public ArrayFraming(int longest) {
        this.parser = new SseParser(longest);
    }

    /** The array's next bytes, which may be none. */
    public byte[] next(byte[] events) {
        parser.feed(events, this::element);
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    /** The array's end. */
    public byte[] end() {
        parser.end(this::element);
        out.writeBytes(begun ? LAST : EMPTY);
        return out.toByteArray();
    }

    private void element(SseEvent event) {
        if (event.hasData() && !event.isDone() && !event.isBare()) {
            out.writeBytes(begun ? NEXT : FIRST);
            begun = true;
            out.write(event.data(), event.dataStart(), event.dataEnd() - event.dataStart());
        }
    }
}
