package io.omniroute.redis.routing;

import io.omniroute.redis.routing.TargetStatistics.Sums;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** The calls of one target in this instance: how many run, and what of those that have ended is not written yet. Thread-safe. */
final class OwnCalls {

    /** How long a failure counts as at least, in nanoseconds: what fails at once is not fast. */
    static final long FAILED_NANOS = 5_000_000_000L;

    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder millis = new LongAdder();
    private final AtomicLongArray steps = new AtomicLongArray(Latencies.STEPS);
    private final AtomicInteger running = new AtomicInteger();
    private final PeakLatency peak = new PeakLatency();
    private volatile long usedAt;

    void begins(long now) {
        running.incrementAndGet();
        usedAt = now;
    }

    /** What began when there was no room for it is not counted. */
    void ends() {
        running.updateAndGet(counted -> Math.max(0, counted - 1));
    }

    void answered(Duration took, long now) {
        calls.increment();
        millis.add(took.toMillis());
        steps.incrementAndGet(Latencies.step(took.toMillis()));
        peak.note(took.toNanos(), now);
    }

    void failed(Duration took, long now) {
        calls.increment();
        failures.increment();
        peak.note(Math.max(took.toNanos(), FAILED_NANOS), now);
    }

    int running() {
        return running.get();
    }

    PeakLatency peak() {
        return peak;
    }

    /** Whether nothing runs, and nothing has begun since then. */
    boolean isUnusedSince(long then) {
        return running.get() == 0 && usedAt - then < 0;
    }

    /** The sums of what was written, with what is not. */
    Sums with(Sums written) {
        return new Sums(
                written.calls() + calls.sum(),
                written.failures() + failures.sum(),
                written.millis() + millis.sum(),
                written.latencies());
    }

    /** Takes what is not written, and puts it there by the names of its counters. */
    void take(String target, Map<String, Long> deltas) {
        put(deltas, new Counter(target, Counter.CALLS), calls.sumThenReset());
        put(deltas, new Counter(target, Counter.FAILURES), failures.sumThenReset());
        put(deltas, new Counter(target, Counter.MILLIS), millis.sumThenReset());
        for (int step = 0; step < Latencies.STEPS; step++) {
            if (steps.get(step) != 0) {
                put(deltas, Counter.ofStep(target, step), steps.getAndSet(step, 0));
            }
        }
    }

    private static void put(Map<String, Long> deltas, Counter counter, long value) {
        if (value != 0) {
            deltas.put(counter.name(), value);
        }
    }

    /** Takes back what could not be written. */
    void takeBack(Counter counter, long value) {
        switch (counter.kind()) {
            case Counter.CALLS -> calls.add(value);
            case Counter.FAILURES -> failures.add(value);
            case Counter.MILLIS -> millis.add(value);
            default -> steps.addAndGet(counter.step(), value);
        }
    }
}
