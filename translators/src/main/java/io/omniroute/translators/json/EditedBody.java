package io.omniroute.translators.json;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A body with a few edits, which is put together only where it is written: a second copy of a long prompt costs time, and would be kept as
 * long as the call. Immutable, as long as nobody changes the arrays that it was made of.
 */
public final class EditedBody {

    private final byte[] body;
    private final Edit[] edits;
    private final int length;

    private EditedBody(byte[] body, Edit[] edits) {
        this.body = body;
        this.edits = edits;
        int sum = body.length;
        for (Edit edit : edits) {
            sum += edit.replacement().length - (edit.at().end() - edit.at().start());
        }
        this.length = sum;
    }

    /** Takes what the body consists of, piece by piece; must not change the arrays. */
    @FunctionalInterface
    public interface Pieces {

        /** Takes {@code length} bytes of the array. */
        void take(byte[] bytes, int from, int length);
    }

    /** A body as it is. */
    public static EditedBody of(byte[] body) {
        return new EditedBody(body, new Edit[0]);
    }

    /**
     * A body with edits.
     *
     * @param edits in any order; they must not overlap
     */
    public static EditedBody of(byte[] body, List<Edit> edits) {
        Edit[] sorted = edits.toArray(Edit[]::new);
        Arrays.sort(sorted, Comparator.comparingInt(edit -> edit.at().start()));
        return new EditedBody(body, sorted);
    }

    /** How many bytes the body has with its edits. */
    public int length() {
        return length;
    }

    /** All of it in one array, which must not be changed: without edits it is the one that this was made of. */
    public byte[] bytes() {
        if (edits.length == 0) {
            return body;
        }
        byte[] result = new byte[length];
        int[] written = {0};
        forEachPiece((bytes, from, count) -> {
            System.arraycopy(bytes, from, result, written[0], count);
            written[0] += count;
        });
        return result;
    }

    /** Says what the body consists of, in its order. */
    public void forEachPiece(Pieces pieces) {
        int read = 0;
        for (Edit edit : edits) {
            pieces.take(body, read, edit.at().start() - read);
            pieces.take(edit.replacement(), 0, edit.replacement().length);
            read = edit.at().end();
        }
        pieces.take(body, read, body.length - read);
    }
}
