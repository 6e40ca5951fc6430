package io.omniroute.filters.call;

import io.omniroute.config.Target;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The call that a call from inside belongs to.
 *
 * @param id the parent's own request id
 * @param depth how many calls the parent is inside of
 * @param target what the parent has chosen for it, which its key may call because it may call the parent's combo; empty if the call
 *     asks for itself
 * @param begins is told the part's own request id when it begins
 */
public record Parent(String id, int depth, Optional<Target> target, Consumer<String> begins) {

    /** How deep calls may nest. */
    public static final int DEEPEST = 3;
}
