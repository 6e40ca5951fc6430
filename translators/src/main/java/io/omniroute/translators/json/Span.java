package io.omniroute.translators.json;

/**
 * A range of bytes.
 *
 * @param start the first byte
 * @param end the byte after the last one
 */
public record Span(int start, int end) {

    /** Whether it has no byte. */
    public boolean isEmpty() {
        return start == end;
    }
}
