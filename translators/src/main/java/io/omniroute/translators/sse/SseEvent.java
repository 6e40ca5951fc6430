package io.omniroute.translators.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event as it lies in a buffer: its raw bytes with the blank line that ended it, its name and its data.
 * Valid only while it is being handled, because the buffer is the parser's.
 *
 * @param buffer the bytes that the offsets point into
 * @param rawStart first raw byte
 * @param rawEnd byte after the last raw one
 * @param name the {@code event:} field, or {@code null}
 * @param data the buffer that the data is in: {@code buffer}, or a joined copy when there were several data lines
 * @param dataStart first byte of the data
 * @param dataEnd byte after the last one; equal to the start when there is no data (a comment, a lone name)
 */
public record SseEvent(
        byte[] buffer, int rawStart, int rawEnd, @Nullable String name, byte[] data, int dataStart, int dataEnd) {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    /** Whether the event carries any data at all. */
    public boolean hasData() {
        return dataEnd > dataStart;
    }

    /** Whether the data is the terminator {@code [DONE]}, with or without white space behind it. */
    public boolean isDone() {
        if (dataEnd - dataStart < DONE.length || data[dataStart] != DONE[0]) {
            return false;
        }
        int end = dataEnd;
        while (end > dataStart && (data[end - 1] == ' ' || data[end - 1] == '\t')) {
            end--;
        }
        return Arrays.equals(data, dataStart, end, DONE, 0, DONE.length);
    }

    /** Whether it is an object that no field of an event is around. */
    public boolean isBare() {
        return data == buffer && dataStart == rawStart && hasData();
    }

    /** The data as text. */
    public String text() {
        return new String(data, dataStart, dataEnd - dataStart, StandardCharsets.UTF_8);
    }
}
