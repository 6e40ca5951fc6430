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
 * @param edits what keeps the provider from keeping the answer; made unless it may keep it
 * @param hostedTools the kinds of tools that the provider runs itself
 * @param recalls what it says of earlier answers; {@code null} in a format that has no such thing
 * @param kept what it names that a provider keeps
 * @param handsOut whether the answer may name what the provider keeps, though no tool of the provider's is asked for
 * @param cacheKey what the client says that calls have in common whose prompts begin alike; may be empty
 */
public record RequestHead(
        String model,
        Span modelAt,
        boolean stream,
        boolean usageAsked,
        int choices,
        List<Edit> askUsage,
        List<Edit> edits,
        List<String> hostedTools,
        @Nullable Recalls recalls,
        List<KeptObject> kept,
        boolean handsOut,
        String cacheKey) {

    public RequestHead {
        askUsage = List.copyOf(askUsage);
        edits = List.copyOf(edits);
        hostedTools = List.copyOf(hostedTools);
        kept = List.copyOf(kept);
    }

    /** A request that stands for itself. */
    public RequestHead(
            String model, Span modelAt, boolean stream, boolean usageAsked, int choices, List<Edit> askUsage) {
        this(model, modelAt, stream, usageAsked, choices, askUsage, List.of(), List.of(), null, List.of(), false, "");
    }

    /** The same, with edits that keep the provider from keeping the answer. */
    public RequestHead withEdits(List<Edit> notKept) {
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                notKept,
                hostedTools,
                recalls,
                kept,
                handsOut,
                cacheKey);
    }

    /** The same, with tools that the provider runs. */
    public RequestHead withHostedTools(List<String> kinds) {
        return new RequestHead(
                model, modelAt, stream, usageAsked, choices, askUsage, edits, kinds, recalls, kept, handsOut, cacheKey);
    }

    /** The same, with what it says of earlier answers; {@code null} for nothing that the gateway would know of. */
    public RequestHead withRecalls(@Nullable Recalls said) {
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                edits,
                hostedTools,
                said,
                kept,
                handsOut,
                cacheKey);
    }

    /** The same, with what it names that a provider keeps. */
    public RequestHead withKept(List<KeptObject> named) {
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                edits,
                hostedTools,
                recalls,
                named,
                handsOut,
                cacheKey);
    }

    /** The same, with what calls have in common whose prompts begin alike. */
    public RequestHead withCacheKey(String key) {
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                edits,
                hostedTools,
                recalls,
                kept,
                handsOut,
                key);
    }

    /** The same, with an answer that may name what the provider keeps. */
    public RequestHead handingOut(boolean may) {
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                edits,
                hostedTools,
                recalls,
                kept,
                may,
                cacheKey);
    }
}
