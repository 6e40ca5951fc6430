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

    /** What all instances have written, and what this one is writing and cannot have read yet. */
    private record Known(Map<String, Sums> shared, Map<String, Sums> leaving) {

        Sums of(String target) {
            return shared.getOrDefault(target, Sums.NONE).plus(leaving.getOrDefault(target, Sums.NONE));
        }
    }

    private final String instance = UUID.randomUUID().toString();
    private final RoutingStore store;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, OwnCalls> own = new ConcurrentHashMap<>();
    private final Map<Long, Map<String, Sums>> minutes = new ConcurrentHashMap<>();
    /** The last minute that was read, with those before it. */
    private long readUntil;

    private final Map<String, String> lastGood = new ConcurrentHashMap<>();
    /** On which day it was said of a combo. */
    private final Map<String, Long> saidOn = new ConcurrentHashMap<>();

    private volatile Known known = new Known(Map.of(), Map.of());
    /** What Redis may have been told and may not, until it has been asked again. */
    private volatile Map<String, Sums> unsure = Map.of();

    private final RunningElsewhere elsewhere;

    /** @param nanoTime the monotonic clock */
    public TargetStatistics(RoutingStore store, InstantSource clock, LongSupplier nanoTime) {
        super(Duration.ZERO, PERIOD);
        this.store = store;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.elsewhere = new RunningElsewhere(instance, clock, nanoTime);
    }

    /** Notes that a call of a target begins. */
    public void begins(String target) {
        if (own.size() < MOST || own.containsKey(target)) {
            own.compute(target, (same, known) -> {
                OwnCalls calls = known == null ? new OwnCalls() : known;
                calls.begins(nanoTime.getAsLong());
                return calls;
            });
        }
    }

    /**
     * Notes how a call of a target ended.
     *
     * @param took to the first content where the answer was streamed
     */
    public void ended(String target, boolean failed, Duration took) {
        OwnCalls calls = own.get(target);
        if (calls == null) {
            return;
        }
        calls.ends();
        if (failed) {
            calls.failed(took, nanoTime.getAsLong());
        } else {
            calls.answered(took, nanoTime.getAsLong());
        }
    }

    /** Notes that a call of a target ended in a way that says nothing of it. */
    public void left(String target) {
        OwnCalls calls = own.get(target);
        if (calls != null) {
            calls.ends();
        }
    }

    /** Remembers which target has answered a combo last; says so when it is another one, and once a day, for it is forgotten after a week. */
    public void answered(String combo, String target) {
        long day = System.nanoTime() / DAY_NANOS;
        boolean another = !target.equals(lastGood.put(combo, target));
        boolean saidToday = Long.valueOf(day).equals(saidOn.put(combo, day));
        if (another || !saidToday) {
            store.answered(combo, target).subscribe(done -> {}, defects()::note);
        }
    }

    /** The target that has answered a combo last; empty if none is known. */
    public String lastGood(String combo) {
        return lastGood.getOrDefault(combo, "");
    }

    /** The sums of a target. */
    public Sums sums(String target) {
        OwnCalls calls = own.get(target);
        Sums others = known.of(target);
        return calls == null ? others : calls.with(others);
    }

    /** How many calls of a target run: in this instance now, in the others a second or two ago. */
    public int running(String target) {
        OwnCalls calls = own.get(target);
        return elsewhere.of(target) + (calls == null ? 0 : calls.running());
    }

    /**
     * How long a target takes, in nanoseconds, with its latest peaks weighing most; -1 if that is not known. A peak that nothing follows is
     * forgotten little by little, and what is left is how long the target takes on the average.
     */
    public double latency(String target) {
        Sums sums = sums(target);
        long answers = sums.calls() - sums.failures();
        double average = answers > 0 ? sums.millis() * 1e6 / answers : -1;
        OwnCalls calls = own.get(target);
        if (calls == null || !calls.peak().isKnown()) {
            return average < 0 && sums.failures() > 0 ? OwnCalls.FAILED_NANOS : average;
        }
        long now = nanoTime.getAsLong();
        if (average < 0) {
            // without an answer nothing is left in the end, not even how long failures count
            return sums.failures() > 0 && calls.peak().left(now) > FORGOTTEN ? OwnCalls.FAILED_NANOS : -1;
        }
        return calls.peak().over(average, now);
    }

    @Override
    protected Mono<Void> exchange() {
        long minute = clock.millis() / 60_000;
        Map<String, Long> deltas = new TreeMap<>();
        own.forEach((target, calls) -> calls.take(target, deltas));
        forget();
        known = new Known(known.shared(), joined(unsure, Counter.sums(deltas)));
        Mono<Void> written =
                deltas.isEmpty() ? Mono.empty() : store.add(minute, deltas).doOnError(away -> notWritten(deltas, away));
        // what could not be read for a while is read when it can be
        long missed = minute - readUntil;
        int behind = (int) Math.max(2, Math.min(MINUTES, missed + 2));
        Flux<Long> read = Flux.range(0, behind).map(ago -> minute - ago);
        return written.thenMany(read)
                .concatMap(one -> store.counters(one).doOnNext(counters -> minutes.put(one, Counter.sums(counters))))
                .then(Mono.fromRunnable(() -> {
                    readUntil = minute;
                    add(minute);
                }))
                .then(store.lastGood().doOnNext(lastGood::putAll))
                .then(store.running(instance, new RunningCalls(clock.millis(), ownRunning())))
                .doOnNext(elsewhere::hear)
                .then();
    }

    /** What nobody has asked for as long as sums are kept has nothing left to be told of it. Clients choose names. */
    private void forget() {
        long longAgo = nanoTime.getAsLong() - TimeUnit.MINUTES.toNanos(MINUTES);
        own.keySet()
                .forEach(target ->
                        own.computeIfPresent(target, (same, calls) -> calls.isUnusedSince(longAgo) ? null : calls));
    }

    private Map<String, Integer> ownRunning() {
        Map<String, Integer> counts = new TreeMap<>();
        own.forEach((target, calls) -> {
            int count = calls.running();
            if (count > 0) {
                counts.put(target, count);
            }
        });
        return counts;
    }

    /** What could not be written is written next time; what Redis has taken too long for it may have written, and nothing counts twice. */
    private void notWritten(Map<String, Long> deltas, Throwable why) {
        if (RedisGuard.isLate(why)) {
            unsure = joined(unsure, Counter.sums(deltas));
            return;
        }
        known = new Known(known.shared(), unsure);
        deltas.forEach((name, value) -> {
            Counter counter = Counter.of(name);
            of(counter.target()).takeBack(counter, value);
        });
    }

    private OwnCalls of(String target) {
        OwnCalls calls = own.get(target);
        return calls != null || own.size() >= MOST
                ? calls == null ? new OwnCalls() : calls
                : own.computeIfAbsent(target, unknown -> new OwnCalls());
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
}
