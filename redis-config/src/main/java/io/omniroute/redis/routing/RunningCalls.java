package io.omniroute.redis.routing;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many calls run in an instance.
 *
 * @param at when it said so, in milliseconds since 1970
 * @param counts by the target
 */
record RunningCalls(long at, Map<String, Integer> counts) {

    private static final String LINE = "\n";

    RunningCalls {
        counts = Map.copyOf(counts);
    }

    /** The time, then a line with a number and a name for each target. */
    String written() {
        StringBuilder text = new StringBuilder(Long.toString(at));
        new TreeMap<>(counts)
                .forEach((target, count) ->
                        text.append(LINE).append(count).append(' ').append(target));
        return text.toString();
    }

    static RunningCalls read(String text) {
        String[] lines = text.split(LINE, -1);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int blank = lines[i].indexOf(' ');
            counts.put(lines[i].substring(blank + 1), Integer.valueOf(lines[i].substring(0, blank)));
        }
        return new RunningCalls(Long.parseLong(lines[0]), counts);
    }
}
