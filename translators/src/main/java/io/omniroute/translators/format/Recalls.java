package io.omniroute.translators.format;

import io.omniroute.translators.json.Span;
import java.util.List;
import java.util.function.UnaryOperator;
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
 */
public record Recalls(
        boolean keep, @Nullable String previous, @Nullable Span previousAt, Span input, List<Item> items) {

    /** What an item brings of itself. */
    public enum Brought {
        /** All of it. */
        WHOLE,
        /** The id of an earlier item that stands in its place. */
        REFERENCE,
        /** An id by which a provider that has kept the item looks up the rest. */
        WITHOUT_CONTENT,
        /** The same of a thought, which nothing else depends on. */
        THOUGHT_WITHOUT_CONTENT,
        /** A thought that nobody can look up. */
        LEFT_OUT
    }

    public Recalls {
        items = List.copyOf(items);
    }

    /**
     * One item of the conversation.
     *
     * @param at where it stands in the body
     * @param id what it is called; may be empty
     */
    public record Item(Span at, Brought brought, String id) {

        /** The id of the earlier item that stands here, or {@code null}. */
        public @Nullable String reference() {
            return brought == Brought.REFERENCE ? id : null;
        }

        private boolean isLookedUp() {
            return brought == Brought.WITHOUT_CONTENT || brought == Brought.THOUGHT_WITHOUT_CONTENT;
        }

        private Item withProvider() {
            return isLookedUp() ? new Item(at, Brought.WHOLE, id) : this;
        }

        private Item withoutProvider() {
            return switch (brought) {
                case WHOLE, REFERENCE, LEFT_OUT -> this;
                case WITHOUT_CONTENT -> new Item(at, Brought.REFERENCE, id);
                case THOUGHT_WITHOUT_CONTENT -> new Item(at, Brought.LEFT_OUT, id);
            };
        }
    }

    /** The ids of items that a provider would have to look up. */
    public List<String> lookedUp() {
        return items.stream().filter(Item::isLookedUp).map(Item::id).toList();
    }

    /** The same for the provider that keeps what it would have to look up. */
    public Recalls withProvider() {
        return changed(Item::withProvider);
    }

    /**
     * The same for a provider that keeps nothing, and would look among what it keeps of others: items without content are references, and
     * thoughts without content are left out.
     */
    public Recalls withoutProvider() {
        return changed(Item::withoutProvider);
    }

    private Recalls changed(UnaryOperator<Item> change) {
        return lookedUp().isEmpty()
                ? this
                : new Recalls(
                        keep,
                        previous,
                        previousAt,
                        input,
                        items.stream().map(change).toList());
    }

    /** Whether anything earlier is meant. */
    public boolean refers() {
        return previous != null || items.stream().anyMatch(item -> item.reference() != null);
    }

    /** Whether a thought is left out. */
    public boolean leavesOut() {
        return items.stream().anyMatch(item -> item.brought() == Brought.LEFT_OUT);
    }
}
