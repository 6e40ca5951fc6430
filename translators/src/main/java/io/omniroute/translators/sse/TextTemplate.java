package io.omniroute.translators.sse;

import io.omniroute.translators.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a stream's text events. Providers repeat every byte of such an event but the text itself, so once one has been
 * parsed, the next ones can be told, and their text found, by comparing bytes. What does not match exactly, or has an escape in
 * its text or something that is no UTF-8, is left to the parser.
 *
 * <p>One per stream; not thread-safe.
 */
public final class TextTemplate {

    /** Some providers put something random into every event; there is nothing to learn from those. */
    private static final int MOST_IN_VAIN = 8;

    /** Texts that come in pieces come in small ones; a long one would be looked for in vain for a long time. */
    private static final int LONGEST = 4_096;

    private byte[] before = new byte[0];
    private byte[] after = new byte[0];
    private @Nullable String name;
    private boolean learned;
    private int inVain;

    /** Forgets what was learned: the next event is for the parser. */
    public void forget() {
        learned = false;
    }

    /** Learns from an event that the parser found to be nothing but one text. */
    public void learn(SseEvent event, String text) {
        learned = false;
        if (inVain > MOST_IN_VAIN || text.isEmpty() || text.length() > LONGEST) {
            return;
        }
        inVain++;
        byte[] quoted = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
        int found = find(event.data(), event.dataStart(), event.dataEnd(), quoted);
        boolean once = found >= 0 && find(event.data(), found + 1, event.dataEnd(), quoted) < 0;
        if (once) {
            before = Arrays.copyOfRange(event.data(), event.dataStart(), found + 1);
            after = Arrays.copyOfRange(event.data(), found + quoted.length - 1, event.dataEnd());
            name = event.name();
            learned = true;
        }
    }

    /** The text of an event of the learned shape, or {@code null} for any other event. */
    public @Nullable String textOf(SseEvent event) {
        int start = event.dataStart() + before.length;
        int end = event.dataEnd() - after.length;
        boolean same = learned
                && start < end
                && (name == null ? event.name() == null : name.equals(event.name()))
                && Arrays.equals(event.data(), event.dataStart(), start, before, 0, before.length)
                && Arrays.equals(event.data(), end, event.dataEnd(), after, 0, after.length)
                && isPlain(event.data(), start, end)
                && Utf8.fault(event.data(), start, end) < 0;
        if (!same) {
            return null;
        }
        inVain = 0;
        return new String(event.data(), start, end - start, StandardCharsets.UTF_8);
    }

    /** Whether the bytes are the inside of a JSON string without escapes. */
    private static boolean isPlain(byte[] data, int start, int end) {
        for (int i = start; i < end; i++) {
            if (data[i] == '"' || data[i] == '\\' || (data[i] >= 0 && data[i] < 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static int find(byte[] data, int start, int end, byte[] wanted) {
        for (int i = start; i <= end - wanted.length; i++) {
            if (data[i] == wanted[0] && Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
