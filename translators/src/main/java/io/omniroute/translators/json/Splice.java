package io.omniroute.translators.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.core.io.JsonStringEncoder;

/** Applies a few edits to a body and leaves every other byte as it was sent. */
public final class Splice {

    private static final byte[] NOTHING = new byte[0];

    private Splice() {}

    /**
     * A copy of the body with the edits applied.
     *
     * @param edits in any order; they must not overlap
     */
    public static byte[] apply(byte[] body, List<Edit> edits) {
        return edits.isEmpty() ? body : EditedBody.of(body, edits).bytes();
    }

    /**
     * The edits that take some of the members of an object, or of the elements of a list, out of it with their commas.
     *
     * @param row where all of them stand, in their order
     * @param gone which of them are taken out, by their numbers
     */
    public static List<Edit> leaveOut(List<Span> row, IntPredicate gone) {
        List<Edit> edits = new ArrayList<>();
        boolean kept = false;
        for (int i = 0; i < row.size(); i++) {
            Span one = row.get(i);
            if (!gone.test(i)) {
                kept = true;
            } else if (kept) {
                edits.add(new Edit(new Span(row.get(i - 1).end(), one.end()), NOTHING));
            } else {
                int next = i + 1 < row.size() ? row.get(i + 1).start() : one.end();
                edits.add(new Edit(new Span(one.start(), next), NOTHING));
            }
        }
        return edits;
    }

    /** The text as a JSON string, quotes included. */
    public static byte[] quoted(String text) {
        return ("\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
