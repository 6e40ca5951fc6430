package io.omniroute.filters.shape;

import io.omniroute.config.Target;

/**
 * What a target is told that takes a conversation over.
 *
 * @param from who has had it, and need not be told
 * @param told after all other instructions
 */
public record Takeover(String from, String told) {

    /** The shape of a call as this target gets it. */
    public Shape on(Shape shape, Target target) {
        return target.counted().equals(from) ? shape : shape.also(told);
    }
}
