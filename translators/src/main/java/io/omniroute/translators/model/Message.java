package io.omniroute.translators.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a conversation.
 *
 * @param name of the speaker, if the client gave one
 */
public record Message(Role role, List<Part> parts, @Nullable String name, Extra extra) {

    public Message {
        parts = List.copyOf(parts);
    }

    /** A turn without a name. */
    public static Message of(Role role, List<Part> parts) {
        return new Message(role, parts, null, Extra.NONE);
    }
}
