package io.omniroute.translators.format;

import io.omniroute.translators.json.Edit;
import io.omniroute.translators.json.Span;
import io.omniroute.translators.json.Splice;
import java.util.List;
import java.util.function.Consumer;
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
 * @param repairs the edits that take out what the client's program says twice by mistake; always made
 * @param hostedTools the kinds of tools that the provider runs itself
 * @param recalls what it says of earlier answers; {@code null} in a format that has no such thing
 * @param kept what it names that a provider keeps
 * @param handsOut whether the answer may name what the provider keeps, though no tool of the provider's is asked for
 * @param cacheKey what the client says that calls have in common whose prompts begin alike; may be empty
 * @param wantsThoughts whether the client asks to see the model's thoughts
 */
public record RequestHead(
        String model,
        Span modelAt,
        boolean stream,
        boolean usageAsked,
        int choices,
        List<Edit> askUsage,
        List<Edit> edits,
        List<Edit> repairs,
        List<String> hostedTools,
        @Nullable Recalls recalls,
        List<KeptObject> kept,
        boolean handsOut,
        String cacheKey,
        boolean wantsThoughts) {

    public RequestHead {
        askUsage = List.copyOf(askUsage);
        edits = List.copyOf(edits);
        repairs = List.copyOf(repairs);
        hostedTools = List.copyOf(hostedTools);
        kept = List.copyOf(kept);
    }

    /** A request that stands for itself. */
    public RequestHead(
            String model, Span modelAt, boolean stream, boolean usageAsked, int choices, List<Edit> askUsage) {
        this(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                false,
                "",
                false);
    }

    /** The same, with edits that keep the provider from keeping the answer. */
    public RequestHead withEdits(List<Edit> notKept) {
        return changed(draft -> draft.edits = notKept);
    }

    /** The same, with edits that take out what is said twice by mistake. */
    public RequestHead withRepairs(List<Edit> repeated) {
        return changed(draft -> draft.repairs = repeated);
    }

    /** The same, with tools that the provider runs. */
    public RequestHead withHostedTools(List<String> kinds) {
        return changed(draft -> draft.hostedTools = kinds);
    }

    /** The same, with what it says of earlier answers; {@code null} for nothing that the gateway would know of. */
    public RequestHead withRecalls(@Nullable Recalls said) {
        return changed(draft -> draft.recalls = said);
    }

    /** The same, with what it names that a provider keeps. */
    public RequestHead withKept(List<KeptObject> named) {
        return changed(draft -> draft.kept = named);
    }

    /** The same, with what calls have in common whose prompts begin alike. */
    public RequestHead withCacheKey(String key) {
        return changed(draft -> draft.cacheKey = key);
    }

    /** The same, with an answer that may name what the provider keeps. */
    public RequestHead handingOut(boolean may) {
        return changed(draft -> draft.handsOut = may);
    }

    /** The same, from a client that wants to see the model's thoughts, or does not. */
    public RequestHead wantingThoughts(boolean wants) {
        return changed(draft -> draft.wantsThoughts = wants);
    }

    /** What names the model as a provider does; nothing where the client has named it so. */
    public List<Edit> naming(String providers) {
        return providers.equals(model) ? List.of() : List.of(new Edit(modelAt, Splice.quoted(providers)));
    }

    private RequestHead changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new RequestHead(
                model,
                modelAt,
                stream,
                usageAsked,
                choices,
                askUsage,
                draft.edits,
                draft.repairs,
                draft.hostedTools,
                draft.recalls,
                draft.kept,
                draft.handsOut,
                draft.cacheKey,
                draft.wantsThoughts);
    }

    /** What may be said of a request after its body was read. */
    private static final class Draft {

        private List<Edit> edits;
        private List<Edit> repairs;
        private List<String> hostedTools;
        private @Nullable Recalls recalls;
        private List<KeptObject> kept;
        private boolean handsOut;
        private String cacheKey;
        private boolean wantsThoughts;

        Draft(RequestHead head) {
            edits = head.edits;
            repairs = head.repairs;
            hostedTools = head.hostedTools;
            recalls = head.recalls;
            kept = head.kept;
            handsOut = head.handsOut;
            cacheKey = head.cacheKey;
            wantsThoughts = head.wantsThoughts;
        }
    }
}
