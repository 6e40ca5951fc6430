package io.omniroute.redis.routing;

import io.omniroute.redis.PeriodicExchange;
import io.omniroute.redis.RedisGuard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How often targets were called in the last quarter of an hour, how often they failed and how long they took, over all instances, and
 * which answered last; at most about two seconds old. Asking takes no trip to Redis. While Redis is away an instance knows its own.
 * Thread-safe.
 */
public final class TargetStatistics extends PeriodicExchange {

    private static final long DAY_NANOS = Duration.ofDays(1).toNanos();
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MINUTES = 15;
    private static final int MOST = 50_000;
    /** Of what was a peak once. */
    private static final double FORGOTTEN = 0.05;

    private static final double DECAY_NANOS = 10e9;
    /** How long a failure counts as at least, in nanoseconds: what fails at once is not fast. */
    private static final long FAILED_NANOS = 5_000_000_000L;

    /**
     * The sums of a target.
     *
     * @param calls how often it was called
     * @param failures how often it failed
     * @param millis how long its answers took together, to the first content where they were streamed
     * @param latencies how long each of them took, as far as it was written already
     */
    public record Sums(long calls, long failures, long millis, Latencies latencies) {

        /** Nothing is known. */
        public static final Sums NONE = new Sums(0, 0, 0, Latencies.NONE);

        Sums plus(Sums other) {
            return other == NONE
                    ? this
                    : this == NONE
                            ? other
                            : new Sums(
                                    calls + other.calls,
                                    failures + other.failures,
                                    millis + other.millis,
                                    latencies.plus(other.latencies));
        }
    }

    private static final class Own {
        private final LongAdder calls = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder millis = new LongAdder();
        private final AtomicLongArray steps = new AtomicLongArray(Latencies.STEPS);
        private final AtomicInteger running = new AtomicInteger();
        private volatile double peak = -1;
        private volatile long peakAt;
        private volatile long usedAt;
    }

    /** What all instances have written, and what this one is writing and cannot have read yet. */
    private record Known(Map<String, Sums> shared, Map<String, Sums> leaving) {

        Sums of(String target) {
            return shared.getOrDefault(target, Sums.NONE).plus(leaving.getOrDefault(target, Sums.NONE));
        }
    }

    /** How old what another instance has said of its running calls may be. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private final String instance = UUID.randomUUID().toString();
    private final RoutingStore store;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, Own> own = new ConcurrentHashMap<>();
    private final Map<Long, Map<String, Sums>> minutes = new ConcurrentHashMap<>();
    /** The last minute that was read, with those before it. */
    private long readUntil;

    private final Map<String, String> lastGood = new ConcurrentHashMap<>();
    /** On which day it was said of a combo. */
    private final Map<String, Long> saidOn = new ConcurrentHashMap<>();

    private volatile Known known = new Known(Map.of(), Map.of());
    /** What Redis may have been told and may not, until it has been asked again. */
    private volatile Map<String, Sums> unsure = Map.of();

    private volatile Map<String, Integer> runningElsewhere = Map.of();
    /** What other instances have said last. */
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();

    /**
     * @param at by the other's clock
     * @param since by the monotonic clock here
     */
    private record Heard(long at, long since) {}

    /** @param nanoTime the monotonic clock */
    public TargetStatistics(RoutingStore store, InstantSource clock, LongSupplier nanoTime) {
        super(Duration.ZERO, PERIOD);
        this.store = store;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Notes that a call of a target begins. */
    public void begins(String target) {
        if (own.size() < MOST || own.containsKey(target)) {
            own.compute(target, (same, known) -> {
                Own counters = known == null ? new Own() : known;
                counters.running.incrementAndGet();
                counters.usedAt = nanoTime.getAsLong();
                return counters;
            });
        }
    }

    /**
     * Notes how a call of a target ended.
     *
     * @param took to the first content where the answer was streamed
     */
    public void ended(String target, boolean failed, Duration took) {
        Own counters = own.get(target);
        if (counters == null) {
            return;
        }
        ends(counters);
        counters.calls.increment();
        if (failed) {
            counters.failures.increment();
            peak(counters, Math.max(took.toNanos(), FAILED_NANOS));
        } else {
            counters.millis.add(took.toMillis());
            counters.steps.incrementAndGet(Latencies.step(took.toMillis()));
            peak(counters, took.toNanos());
        }
    }

    /** Notes that a call of a target ended in a way that says nothing of it. */
    public void left(String target) {
        Own counters = own.get(target);
        if (counters != null) {
            ends(counters);
        }
    }

    /** What began when there was no room for it is not counted. */
    private static void ends(Own counters) {
        counters.running.updateAndGet(running -> Math.max(0, running - 1));
    }

    /** Remembers which target has answered a combo last; says so when it is another one, and once a day, for it is forgotten after a week. */
    public void answered(String combo, String target) {
        long day = System.nanoTime() / DAY_NANOS;
        boolean another = !target.equals(lastGood.put(combo, target));
        boolean saidToday = Long.valueOf(day).equals(saidOn.put(combo, day));
        if (another || !saidToday) {
            store.answered(combo, target).subscribe(done -> {}, away -> {});
        }
    }

    /** The target that has answered a combo last; empty if none is known. */
    public String lastGood(String combo) {
        return lastGood.getOrDefault(combo, "");
    }

    /** The sums of a target. */
    public Sums sums(String target) {
        Own counters = own.get(target);
        Sums others = known.of(target);
        return counters == null
                ? others
                : new Sums(
                        others.calls + counters.calls.sum(),
                        others.failures + counters.failures.sum(),
                        others.millis + counters.millis.sum(),
                        others.latencies);
    }

    /** How many calls of a target run: in this instance now, in the others a second or two ago. */
    public int running(String target) {
        Own counters = own.get(target);
        return runningElsewhere.getOrDefault(target, 0) + (counters == null ? 0 : counters.running.get());
    }

    /**
     * How long a target takes, in nanoseconds, with its latest peaks weighing most; -1 if that is not known. A peak that nothing follows is
     * forgotten little by little, and what is left is how long the target takes on the average.
     */
    public double latency(String target) {
        Sums sums = sums(target);
        long answers = sums.calls() - sums.failures();
        double average = answers > 0 ? sums.millis() * 1e6 / answers : -1;
        Own counters = own.get(target);
        if (counters == null || counters.peak < 0) {
            return average < 0 && sums.failures() > 0 ? FAILED_NANOS : average;
        }
        double left = Math.exp(-(nanoTime.getAsLong() - counters.peakAt) / DECAY_NANOS);
        if (average < 0) {
            // without an answer nothing is left in the end, not even how long failures count
            return sums.failures() > 0 && left > FORGOTTEN ? FAILED_NANOS : -1;
        }
        return counters.peak <= average ? counters.peak : average + (counters.peak - average) * left;
    }

    private Own of(String target) {
        Own counters = own.get(target);
        return counters != null || own.size() >= MOST
                ? counters == null ? new Own() : counters
                : own.computeIfAbsent(target, unknown -> new Own());
    }

    /** A slower answer counts at once, a faster one little by little. */
    private void peak(Own counters, long took) {
        long now = nanoTime.getAsLong();
        double before = counters.peak;
        double weight = Math.exp(-(now - counters.peakAt) / DECAY_NANOS);
        counters.peak = before < 0 || took > before ? took : before * weight + took * (1 - weight);
        counters.peakAt = now;
    }

    @Override
    protected Mono<Void> exchange() {
        long minute = clock.millis() / 60_000;
        Map<String, Long> deltas = new TreeMap<>();
        own.forEach((target, counters) -> {
            put(deltas, target + " n", counters.calls.sumThenReset());
            put(deltas, target + " f", counters.failures.sumThenReset());
            put(deltas, target + " t", counters.millis.sumThenReset());
            for (int step = 0; step < Latencies.STEPS; step++) {
                if (counters.steps.get(step) != 0) {
                    put(deltas, target + " " + step, counters.steps.getAndSet(step, 0));
                }
            }
        });
        forget();
        known = new Known(known.shared(), joined(unsure, sums(deltas)));
        Mono<Void> written =
                deltas.isEmpty() ? Mono.empty() : store.add(minute, deltas).doOnError(away -> notWritten(deltas, away));
        // what could not be read for a while is read when it can be
        long missed = minute - readUntil;
        int behind = (int) Math.max(2, Math.min(MINUTES, missed + 2));
        Flux<Long> read = Flux.range(0, behind).map(ago -> minute - ago);
        return written.thenMany(read)
                .concatMap(one -> store.counters(one).doOnNext(counters -> minutes.put(one, sums(counters))))
                .then(Mono.fromRunnable(() -> {
                    readUntil = minute;
                    add(minute);
                }))
                .then(store.lastGood().doOnNext(lastGood::putAll))
                .then(store.running(instance, new RunningCalls(clock.millis(), ownRunning())))
                .doOnNext(all -> runningElsewhere = elsewhere(all))
                .then();
    }

    /** What nobody has asked for as long as sums are kept has nothing left to be told of it. Clients choose names. */
    private void forget() {
        long longAgo = nanoTime.getAsLong() - TimeUnit.MINUTES.toNanos(MINUTES);
        own.keySet()
                .forEach(target -> own.computeIfPresent(
                        target,
                        (same, counters) ->
                                counters.running.get() == 0 && counters.usedAt - longAgo < 0 ? null : counters));
    }

    private Map<String, Integer> ownRunning() {
        Map<String, Integer> counts = new TreeMap<>();
        own.forEach((target, counters) -> {
            int count = counters.running.get();
            if (count > 0) {
                counts.put(target, count);
            }
        });
        return counts;
    }

    private Map<String, Integer> elsewhere(Map<String, RunningCalls> all) {
        Map<String, Integer> counts = new HashMap<>();
        heard.keySet().retainAll(all.keySet());
        all.forEach((other, calls) -> {
            if (!other.equals(instance) && isFresh(other, calls.at())) {
                calls.counts().forEach((target, count) -> counts.merge(target, count, Integer::sum));
            }
        });
        return Map.copyOf(counts);
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

    private static void put(Map<String, Long> deltas, String name, long value) {
        if (value != 0) {
            deltas.put(name, value);
        }
    }

    /** What could not be written is written next time; what Redis has taken too long for it may have written, and nothing counts twice. */
    private void notWritten(Map<String, Long> deltas, Throwable why) {
        if (RedisGuard.isLate(why)) {
            unsure = joined(unsure, sums(deltas));
            return;
        }
        known = new Known(known.shared(), unsure);
        deltas.forEach((name, value) -> {
            Counter counter = Counter.of(name);
            Own counters = of(counter.target());
            switch (counter.kind()) {
                case "n" -> counters.calls.add(value);
                case "f" -> counters.failures.add(value);
                case "t" -> counters.millis.add(value);
                default -> counters.steps.addAndGet(counter.step(), value);
            }
        });
    }

    private void add(long minute) {
        minutes.keySet().removeIf(old -> old <= minute - MINUTES);
        Map<String, Sums> all = new HashMap<>();
        minutes.values().forEach(one -> one.forEach((target, sums) -> all.merge(target, sums, Sums::plus)));
        unsure = Map.of();
        known = new Known(Map.copyOf(all), Map.of());
    }

    private static Map<String, Sums> joined(Map<String, Sums> some, Map<String, Sums> others) {
        if (some.isEmpty()) {
            return others;
        }
        Map<String, Sums> joined = new HashMap<>(some);
        others.forEach((target, sums) -> joined.merge(target, sums, Sums::plus));
        return joined;
    }

    private static Map<String, Sums> sums(Map<String, ?> counters) {
        Map<String, Sums> sums = new HashMap<>();
        counters.forEach((name, value) -> {
            long number = Long.parseLong(value.toString());
            Counter counter = Counter.of(name);
            Sums one = switch (counter.kind()) {
                case "n" -> new Sums(number, 0, 0, Latencies.NONE);
                case "f" -> new Sums(0, number, 0, Latencies.NONE);
                case "t" -> new Sums(0, 0, number, Latencies.NONE);
                default -> new Sums(0, 0, 0, Latencies.of(Map.of(counter.step(), number)));
            };
            sums.merge(counter.target(), one, Sums::plus);
        });
        return sums;
    }

    /**
     * The name of a counter in Redis.
     *
     * @param kind {@code n} calls, {@code f} failures, {@code t} milliseconds, or the number of a step of latencies
     */
    private record Counter(String target, String kind) {

        static Counter of(String name) {
            int space = name.lastIndexOf(' ');
            return new Counter(name.substring(0, space), name.substring(space + 1));
        }

        int step() {
            return Math.clamp(Integer.parseInt(kind), 0, Latencies.STEPS - 1);
        }
    }
}
