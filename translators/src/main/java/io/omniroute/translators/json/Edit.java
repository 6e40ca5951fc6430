package io.omniroute.translators.json;

/**
 * One change to a body: what stands at {@code at} is replaced; an empty span inserts.
 *
 * @param replacement the bytes to put there; not copied, so never changed afterwards
 */
public record Edit(Span at, byte[] replacement) {}
