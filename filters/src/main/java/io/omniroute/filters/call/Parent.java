package io.omniroute.filters.call;

/**
 * The call that a call from inside belongs to.
 *
 * @param id the parent's own request id
 * @param depth how many calls the parent is inside of
 */
public record Parent(String id, int depth) {

    /** How deep calls may nest. */
    public static final int DEEPEST = 3;
}
