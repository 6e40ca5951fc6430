package io.omniroute.translators.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a conversation.
 *
 * @param name of the speaker, if the client gave one
 * @param place where the client wrote it, as a path in its own format; empty if it did not, or in several places
 */
public record Message(Role role, List<Part> parts, @Nullable String name, Extra extra, String place) {

    public Message {
        parts = List.copyOf(parts);
    }

    /** A turn without a name that the client has written nowhere. */
    public static Message of(Role role, List<Part> parts) {
        return of(role, parts, "");
    }

    /** A turn without a name. */
    public static Message of(Role role, List<Part> parts, String place) {
        return new Message(role, parts, null, Extra.NONE, place);
    }

    /** The same turn with other parts. */
    public Message with(List<Part> other) {
        return new Message(role, other, name, extra, place);
    }
}
