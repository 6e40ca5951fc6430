package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one streaming pass over a request's body tells: what the stages need, and where to edit.
 *
 * @param model the model that the client asked for
 * @param modelAt where its JSON string stands in the body, quotes included
 * @param stream whether the answer is to be streamed; an omitted field means no
 * @param usageAsked whether the client asked for usage in the stream
 * @param choices how many candidates the client asked for
 * @param askUsage the edits that make the upstream report usage in the stream; empty if it does so anyway
 * @param recalls what it says of earlier answers; {@code null} in a format that has no such thing
 */
public record RequestHead(
        String model,
        Span modelAt,
        boolean stream,
        boolean usageAsked,
        int choices,
        List<Edit> askUsage,
        @Nullable Recalls recalls) {

    public RequestHead {
        askUsage = List.copyOf(askUsage);
    }

    /** A request that stands for itself. */
    public RequestHead(
            String model, Span modelAt, boolean stream, boolean usageAsked, int choices, List<Edit> askUsage) {
        this(model, modelAt, stream, usageAsked, choices, askUsage, null);
    }
}
