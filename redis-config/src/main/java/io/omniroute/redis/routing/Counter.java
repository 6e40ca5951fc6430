package io.omniroute.redis.routing;

import io.omniroute.redis.routing.TargetStatistics.Sums;
import java.util.HashMap;
import java.util.Map;

/**
 * One of the numbers that Redis adds up for a target.
 *
 * @param kind what is counted, or the number of a step of latencies
 */
record Counter(String target, String kind) {

    static final String CALLS = "n";
    static final String FAILURES = "f";
    static final String MILLIS = "t";

    /** The counter of that name. */
    static Counter of(String name) {
        int space = name.lastIndexOf(' ');
        return new Counter(name.substring(0, space), name.substring(space + 1));
    }

    static Counter ofStep(String target, int step) {
        return new Counter(target, Integer.toString(step));
    }

    /** What it is called in Redis. */
    String name() {
        return target + " " + kind;
    }

    /** The step of latencies that it counts. */
    int step() {
        return Math.clamp(Integer.parseInt(kind), 0, Latencies.STEPS - 1);
    }

    /** The sums of targets by these counters, which stand under their names. */
    static Map<String, Sums> sums(Map<String, ?> counters) {
        Map<String, Sums> sums = new HashMap<>();
        counters.forEach((name, value) -> {
            Counter counter = of(name);
            sums.merge(counter.target(), counter.sums(Long.parseLong(value.toString())), Sums::plus);
        });
        return sums;
    }

    private Sums sums(long value) {
        return switch (kind) {
            case CALLS -> new Sums(value, 0, 0, Latencies.NONE);
            case FAILURES -> new Sums(0, value, 0, Latencies.NONE);
            case MILLIS -> new Sums(0, 0, value, Latencies.NONE);
            default -> new Sums(0, 0, 0, Latencies.of(Map.of(step(), value)));
        };
    }
}
