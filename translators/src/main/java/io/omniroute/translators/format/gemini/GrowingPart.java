package io.omniroute.translators.format.gemini;

import io.omniroute.translators.model.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of a last part, a text or a thought, that comes back in as many pieces as it was streamed in. Not thread-safe. */
final class GrowingPart {

    private @Nullable StringBuilder text;
    private int place;

    /**
     * Adds a piece to the last part.
     *
     * @param known the part's text as far as the list has it
     */
    void add(List<Part> parts, String known, String more) {
        StringBuilder growing = text;
        if (growing == null || place != parts.size() - 1) {
            end(parts);
            // what has ended just now has its text
            growing = new StringBuilder(known);
            text = growing;
            place = parts.size() - 1;
        }
        growing.append(more);
    }

    /** Gives the part all of its text; nothing if none grows. */
    void end(List<Part> parts) {
        StringBuilder whole = text;
        if (whole == null) {
            return;
        }
        text = null;
        parts.set(
                place,
                parts.get(place) instanceof Part.Thought thought
                        ? new Part.Thought(whole.toString(), thought.opaque())
                        : Part.Text.of(whole.toString()));
    }
}
