package io.omniroute.sandbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one key has had of the sandbox. Thread-safe; keeps the last 1,000 requests, as far as they have no more than 16 million
 * characters together.
 */
public final class Books {

    /** The sandbox's prices, in micro-dollars per token. */
    static final long INPUT_PRICE = 1;

    static final long OUTPUT_PRICE = 3;

    private static final int KEPT = 1_000;
    private static final long MOST_CHARACTERS = 16_000_000;

    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong inputTokens = new AtomicLong();
    private final AtomicLong outputTokens = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger openStreams = new AtomicInteger();
    private final AtomicLong earlyCloses = new AtomicLong();
    private final Deque<Received> received = new ArrayDeque<>();
    private long characters;

    /** How many requests have arrived. */
    public long calls() {
        return calls.get();
    }

    /** The input tokens of all answers. */
    public long inputTokens() {
        return inputTokens.get();
    }

    /** The output tokens that were sent, of cut answers too. */
    public long outputTokens() {
        return outputTokens.get();
    }

    /** What it cost. */
    public long microDollars() {
        return inputTokens() * INPUT_PRICE + outputTokens() * OUTPUT_PRICE;
    }

    /** How many calls are being answered. */
    public int open() {
        return open.get();
    }

    /** How many streams are being answered. */
    public int openStreams() {
        return openStreams.get();
    }

    /** How many calls the other side left before their end. */
    public long earlyCloses() {
        return earlyCloses.get();
    }

    /** The requests, oldest first. */
    public List<Received> received() {
        synchronized (received) {
            return new ArrayList<>(received);
        }
    }

    /** The last request. */
    public Received last() {
        synchronized (received) {
            return received.getLast();
        }
    }

    void arrived(Received request) {
        calls.incrementAndGet();
        synchronized (received) {
            received.addLast(request);
            characters += request.body().length();
            while (received.size() > 1 && (received.size() > KEPT || characters > MOST_CHARACTERS)) {
                characters -= received.removeFirst().body().length();
            }
        }
    }

    void began(boolean stream) {
        open.incrementAndGet();
        openStreams.addAndGet(stream ? 1 : 0);
    }

    void ended(boolean stream, boolean early) {
        // first what is looked at when nothing is open any more
        earlyCloses.addAndGet(early ? 1 : 0);
        openStreams.addAndGet(stream ? -1 : 0);
        open.decrementAndGet();
    }

    void used(long input, long output) {
        inputTokens.addAndGet(input);
        outputTokens.addAndGet(output);
    }
}
