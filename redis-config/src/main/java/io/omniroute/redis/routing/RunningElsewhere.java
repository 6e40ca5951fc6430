package io.omniroute.redis.routing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How many calls of targets run in other instances, as these have said last. What an instance has said that says nothing new any more does
 * not count. Asking is thread-safe.
 */
final class RunningElsewhere {

    /** How old what another instance has said may be. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private final String instance;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** What other instances have said last. */
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();

    private volatile Map<String, Integer> counts = Map.of();

    /**
     * @param at by the other's clock
     * @param since by the monotonic clock here
     */
    private record Heard(long at, long since) {}

    /**
     * @param instance what this instance is called among the others
     * @param nanoTime the monotonic clock
     */
    RunningElsewhere(String instance, InstantSource clock, LongSupplier nanoTime) {
        this.instance = instance;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** How many calls of a target run. */
    int of(String target) {
        return counts.getOrDefault(target, 0);
    }

    /** Takes notice of what all instances say, this one among them. */
    void hear(Map<String, RunningCalls> all) {
        Map<String, Integer> sums = new HashMap<>();
        heard.keySet().retainAll(all.keySet());
        all.forEach((other, calls) -> {
            if (!other.equals(instance) && isFresh(other, calls.at())) {
                calls.counts().forEach((target, count) -> sums.merge(target, count, Integer::sum));
            }
        });
        counts = Map.copyOf(sums);
    }

    /** Whether another instance has said something new lately, by this one's clock alone: clocks are not alike. */
    private boolean isFresh(String other, long at) {
        long now = nanoTime.getAsLong();
        Heard before = heard.get(other);
        if (before == null || before.at() != at) {
            // what is heard for the first time may be what is left of an instance that is no more
            boolean fresh = before != null || at >= clock.millis() - STALE.toMillis();
            heard.put(other, new Heard(at, fresh ? now : now - STALE.toNanos()));
            return fresh;
        }
        return now - before.since() < STALE.toNanos();
    }
}
