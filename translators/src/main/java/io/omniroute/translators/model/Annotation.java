package io.omniroute.translators.model;

import org.jspecify.annotations.Nullable;

/**
 * Where a piece of an answer's text comes from. Positions count code points; a provider that gives none has a source for the whole
 * part ({@code -1} and {@code -1}) or for no piece in particular ({@code 0} and {@code 0}).
 *
 * @param url its address; empty for a document that has none
 * @param start the first code point of the part's text that it is about
 * @param end the code point after the last
 * @param quoted the source's own words, or {@code null}
 */
public record Annotation(
        String url,
        String title,
        int start,
        int end,
        @Nullable String quoted) {

    /** A source of a whole part. */
    public static Annotation ofPart(String url, String title, @Nullable String quoted) {
        return new Annotation(url, title, -1, -1, quoted);
    }

    /** A source of no piece in particular. */
    public static Annotation ofAnswer(String url, String title) {
        return new Annotation(url, title, 0, 0, null);
    }

    /** Whether it is a document that has no address, such as one that the client has sent, known by its title or its words. */
    public boolean isOfDocument() {
        return url.isEmpty();
    }

    /** Whether anything is known of it. */
    public boolean isKnown() {
        return !url.isEmpty() || !title.isEmpty() || (quoted != null && !quoted.isEmpty());
    }

    /** Whether it is about the part as a whole. */
    public boolean isOfPart() {
        return start < 0;
    }

    /** Whether it says which piece of the text it is about. */
    public boolean hasRange() {
        return start >= 0 && end > start;
    }

    /**
     * The same in a text that the part's own text is a piece of.
     *
     * @param offset how many code points stand before the part
     * @param length how many the part has
     */
    public Annotation within(int offset, int length) {
        if (isOfPart()) {
            return new Annotation(url, title, offset, offset + length, quoted);
        }
        return hasRange() ? new Annotation(url, title, offset + start, offset + end, quoted) : this;
    }
}
