package io.omniroute.config;

/**
 * What targets are scored by, where they are.
 *
 * @param mode the name of the weights
 * @param task what they are to be good at; empty for what the call seems to be about
 */
public record Scoring(String mode, String task) {

    /** The usual weights, and the call's own task. */
    public static final Scoring DEFAULT = new Scoring("default", "");
}
