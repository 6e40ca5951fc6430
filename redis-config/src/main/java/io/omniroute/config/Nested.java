package io.omniroute.config;

/**
 * A combo in a target's place: it is chosen by what its own strategy puts first, and stands there with all of its targets.
 *
 * @param combo the other combo
 * @param weight how much of the calls it gets where they are spread by weight
 * @param prompt what it is told before the step that it makes of a pipeline; may be empty
 */
public record Nested(Combo combo, int weight, String prompt) implements Member {}
