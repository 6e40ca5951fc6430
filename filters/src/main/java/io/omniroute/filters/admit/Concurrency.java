package io.omniroute.filters.admit;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what runs at a time in this instance, in all and per API key, and refuses what is above the bound. Thread-safe. */
public final class Concurrency {

    private final String what;
    private final int most;
    private final int mostPerKey;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> perKey = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param what the plural of what is counted, for messages */
    public Concurrency(String what, int most, int mostPerKey) {
        this.what = what;
        this.most = most;
        this.mostPerKey = mostPerKey;
    }

    /**
     * Takes a place, to be given back with {@link #leave}.
     *
     * @throws ApiException OVERLOADED if the instance is full or about to end, RATE_LIMITED if the key has all of its places
     */
    void enter(String key) {
        if (closed) {
            throw ApiError.upstream(
                            ErrorKind.OVERLOADED,
                            ErrorScope.REQUEST,
                            "the gateway is being restarted; please try again")
                    .withRetryAfter(Duration.ofSeconds(1))
                    .exception();
        }
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            throw ApiError.upstream(
                            ErrorKind.OVERLOADED,
                            ErrorScope.REQUEST,
                            "the gateway has as many " + what + " as it takes at a time")
                    .withRetryAfter(Duration.ofSeconds(1))
                    .exception();
        }
        if (perKey.merge(key, 1, Integer::sum) > mostPerKey) {
            leave(key);
            throw ApiError.of(ErrorKind.RATE_LIMITED, "this API key has as many " + what + " as it may have at a time")
                    .withCode("concurrency_limit")
                    .withRetryAfter(Duration.ofSeconds(1))
                    .exception();
        }
    }

    /** From now on places are given. */
    void open() {
        closed = false;
    }

    /** From now on nobody gets a place any more. */
    void close() {
        closed = true;
    }

    /** Whether places are given at all. */
    boolean isOpen() {
        return !closed;
    }

    /** Gives a place back. */
    void leave(String key) {
        all.decrementAndGet();
        perKey.computeIfPresent(key, (id, count) -> count == 1 ? null : count - 1);
    }

    /** How many there are at the moment. */
    public int current() {
        return all.get();
    }
}
