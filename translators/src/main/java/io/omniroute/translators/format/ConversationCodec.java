package io.omniroute.translators.format;

import io.omniroute.translators.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a format refers to earlier answers, and what is kept of an answer for that. Stateless and safe to share. */
public interface ConversationCodec {

    /** Reads an answer that the client is about to get, whole or as an event's data; empty if it is no complete answer. */
    Optional<KeptAnswer> kept(byte[] data, int start, int length);

    /** Whether an event of a stream may carry a complete answer. */
    boolean mayEnd(SseEvent event);

    /** An item of an answer as a client would send it back; nothing where it cannot. */
    Optional<String> sentBack(String item);

    /**
     * The request's own items, with what it refers to written out, as JSON objects with commas between them.
     *
     * @param items the items that it refers to, by id, as {@link #sentBack} gave them
     */
    String items(byte[] body, Recalls recalls, Map<String, String> items);

    /**
     * The body with the whole conversation written out.
     *
     * @param earlier the items of earlier answers and requests, each with commas between them, the oldest first
     * @param own what {@link #items} gave
     */
    byte[] writtenOut(byte[] body, Recalls recalls, List<String> earlier, String own);
}
