package io.omniroute.translators.sse;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds server-sent events in a stream of bytes, whatever the network split, by the grammar of the WHATWG HTML standard,
 * section 9.2: lines end in LF, CR or CRLF, a byte order mark is skipped, lines that begin with a colon are comments.
 * Unlike a browser it also reports what has no data, so that whoever forwards bytes sees all of them, and takes a block that begins as a
 * JSON object does for data: servers that fail in the middle of a stream (Google's among them) write their error as it is.
 *
 * <p>One per stream; not thread-safe. An event that grows beyond the bound is refused with an {@code ApiException}.
 */
public final class SseParser {

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] LINE_ENDS = {'\n', '\n'};
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

    private final int longestEvent;
    /** The bytes of the event that is not complete yet, and room for more: it may come byte by byte. */
    private byte[] rest = NOTHING;

    private int restLength;
    /** Where in the rest its last line starts, and up to where line ends were looked for. */
    private int restLine;

    private int restScanned;
    /** The last event ended in a CR; a line feed that follows belongs to it, and is reported without data. */
    private boolean skipLineFeed;

    private boolean first = true;

    /** @param longestEvent the most bytes that one event may have */
    public SseParser(int longestEvent) {
        this.longestEvent = longestEvent;
    }

    /** Takes the next bytes of the stream and hands every event that they complete to the sink, in order. */
    public void feed(byte[] bytes, Consumer<SseEvent> sink) {
        if (bytes.length == 0) {
            return;
        }
        boolean joined = restLength > 0;
        int length = restLength + bytes.length;
        byte[] buffer = joined ? joined(bytes) : bytes;
        int eventStart = 0;
        int lineStart = restLine;
        int at = restScanned;
        if (skipLineFeed) {
            skipLineFeed = false;
            eventStart = buffer[0] == '\n' ? 1 : 0;
            lineStart = eventStart;
            at = eventStart;
            if (eventStart == 1) {
                sink.accept(event(buffer, 0, 1));
            }
        }
        for (; at < length; at++) {
            if (buffer[at] != '\n' && buffer[at] != '\r') {
                continue;
            }
            boolean blank = at == lineStart;
            if (buffer[at] == '\r') {
                boolean last = at + 1 == length;
                if (last && !blank) {
                    break; // whether this is CR or CRLF, the next bytes tell
                }
                skipLineFeed = last;
                at += !last && buffer[at + 1] == '\n' ? 1 : 0;
            }
            lineStart = at + 1;
            if (blank) {
                sink.accept(event(buffer, eventStart, lineStart));
                eventStart = lineStart;
            }
        }
        restLine = lineStart - eventStart;
        restScanned = Math.min(at, length) - eventStart;
        keep(buffer, eventStart, length, joined);
    }

    /** The stream has ended: what is left is an event without its blank line, and is handed to the sink. */
    public void end(Consumer<SseEvent> sink) {
        if (restLength > 0) {
            int length = restLength + LINE_ENDS.length;
            byte[] last = joined(LINE_ENDS);
            rest = NOTHING;
            restLength = 0;
            sink.accept(event(last, 0, length));
        }
    }

    /** What is left and these bytes behind it, in an array with room for more. */
    private byte[] joined(byte[] bytes) {
        int length = restLength + bytes.length;
        byte[] both = length <= rest.length ? rest : Arrays.copyOf(rest, Math.max(length, 2 * restLength));
        System.arraycopy(bytes, 0, both, restLength, bytes.length);
        return both;
    }

    private void keep(byte[] buffer, int from, int length, boolean own) {
        restLength = length - from;
        if (own && from == 0) {
            rest = buffer;
        } else {
            // the array is that of events that were handed out, or the caller's
            rest = restLength == 0 ? NOTHING : Arrays.copyOfRange(buffer, from, length);
        }
        if (restLength > longestEvent) {
            throw ApiError.upstream(
                            ErrorKind.UPSTREAM_ERROR,
                            ErrorScope.MODEL,
                            "the provider sent a stream event of more than " + longestEvent + " bytes")
                    .exception();
        }
    }

    private SseEvent event(byte[] buffer, int start, int end) {
        String name = null;
        int dataStart = end;
        int dataEnd = end;
        @Nullable ByteArrayOutputStream joined = null;
        int lineStart = start + (first && startsWithByteOrderMark(buffer, start, end) ? 3 : 0);
        first = false;
        if (buffer[lineStart] == '{') {
            return new SseEvent(buffer, start, end, null, buffer, lineStart, withoutLineEnds(buffer, lineStart, end));
        }
        for (int i = lineStart; i < end; i++) {
            if (buffer[i] != '\n' && buffer[i] != '\r') {
                continue;
            }
            int valueStart = valueOf(buffer, lineStart, i, DATA);
            if (valueStart >= 0 && dataStart == end) {
                dataStart = valueStart;
                dataEnd = i;
            } else if (valueStart >= 0) {
                if (joined == null) {
                    joined = new ByteArrayOutputStream();
                    joined.write(buffer, dataStart, dataEnd - dataStart);
                }
                joined.write('\n');
                joined.write(buffer, valueStart, i - valueStart);
            } else {
                int nameStart = valueOf(buffer, lineStart, i, EVENT);
                if (nameStart >= 0) {
                    name = new String(buffer, nameStart, i - nameStart, StandardCharsets.UTF_8);
                }
            }
            lineStart = i + 1;
        }
        if (joined != null) {
            byte[] data = joined.toByteArray();
            return new SseEvent(buffer, start, end, name, data, 0, data.length);
        }
        return new SseEvent(buffer, start, end, name, buffer, dataStart, dataEnd);
    }

    private static int withoutLineEnds(byte[] buffer, int start, int end) {
        int last = end;
        while (last > start && (buffer[last - 1] == '\n' || buffer[last - 1] == '\r')) {
            last--;
        }
        return last;
    }

    private static boolean startsWithByteOrderMark(byte[] buffer, int start, int end) {
        return end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF;
    }

    /** Where the field's value starts if the line is of that field, else -1. */
    private static int valueOf(byte[] buffer, int lineStart, int lineEnd, byte[] field) {
        int colon = lineStart + field.length;
        if (colon > lineEnd || !Arrays.equals(buffer, lineStart, colon, field, 0, field.length)) {
            return -1;
        }
        if (colon == lineEnd) {
            return lineEnd;
        }
        if (buffer[colon] != ':') {
            return -1;
        }
        int value = colon + 1;
        return value < lineEnd && buffer[value] == ' ' ? value + 1 : value;
    }
}
