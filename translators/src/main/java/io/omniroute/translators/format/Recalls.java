package io.omniroute.translators.format;

import io.omniroute.translators.json.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of earlier answers: which of them it means instead of sending them again, and whether its own answer is
 * to be kept.
 *
 * @param keep whether the client wants this answer kept
 * @param previous the answer that this request goes on from
 * @param previousAt where its JSON string stands in the body
 * @param input where the conversation stands in the body
 * @param items what the conversation consists of; empty where it is one text
 * @param bare the ids of items that are not references, but do not bring what a provider would need of them
 */
public record Recalls(
        boolean keep,
        @Nullable String previous,
        @Nullable Span previousAt,
        Span input,
        List<Item> items,
        List<String> bare) {

    public Recalls {
        items = List.copyOf(items);
        bare = List.copyOf(bare);
    }

    /**
     * One item of the conversation.
     *
     * @param at where it stands in the body
     * @param reference the id of an earlier item that stands here, or {@code null} for an item that is written out
     */
    public record Item(Span at, @Nullable String reference) {}

    /** Whether anything earlier is meant. */
    public boolean any() {
        return previous != null || items.stream().anyMatch(item -> item.reference() != null);
    }
}
