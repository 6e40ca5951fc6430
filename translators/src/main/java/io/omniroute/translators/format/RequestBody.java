package io.omniroute.translators.format;

/**
 * A request's body that a route predicate has already read, kept on the exchange under this class's name for the stages.
 *
 * @param bytes the body; empty if it was too large
 * @param tooLarge whether reading stopped at the limit
 */
public record RequestBody(byte[] bytes, boolean tooLarge) {}
