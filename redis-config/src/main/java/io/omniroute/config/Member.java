package io.omniroute.config;

/** What a combo lists: a target, or another combo in a target's place. */
public sealed interface Member permits Target, Nested {

    /** How much of the calls it gets where they are spread by weight. */
    int weight();
}
