package io.omniroute.translators.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/** Applies a few edits to a body and leaves every other byte as it was sent. */
public final class Splice {

    private Splice() {}

    /**
     * A copy of the body with the edits applied.
     *
     * @param edits in any order; they must not overlap
     */
    public static byte[] apply(byte[] body, List<Edit> edits) {
        if (edits.isEmpty()) {
            return body;
        }
        Edit[] sorted = edits.toArray(Edit[]::new);
        Arrays.sort(sorted, Comparator.comparingInt(edit -> edit.at().start()));
        byte[] result = new byte[lengthAfter(body, sorted)];
        int read = 0;
        int written = 0;
        for (Edit edit : sorted) {
            int kept = edit.at().start() - read;
            System.arraycopy(body, read, result, written, kept);
            System.arraycopy(edit.replacement(), 0, result, written + kept, edit.replacement().length);
            written += kept + edit.replacement().length;
            read = edit.at().end();
        }
        System.arraycopy(body, read, result, written, body.length - read);
        return result;
    }

    /** The text as a JSON string, quotes included. */
    public static byte[] quoted(String text) {
        return ("\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int lengthAfter(byte[] body, Edit[] edits) {
        int length = body.length;
        for (Edit edit : edits) {
            length += edit.replacement().length - (edit.at().end() - edit.at().start());
        }
        return length;
    }
}
