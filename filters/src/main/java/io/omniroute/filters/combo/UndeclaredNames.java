package io.omniroute.filters.combo;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of models that nobody has declared and that have failed in this hour. Clients choose names, and what rests has its bound: those
 * that their providers say they do not know leave room for those that they may know. Thread-safe.
 */
final class UndeclaredNames {

    private static final long HOUR = 3_600_000;
    private static final int MOST = 1_000;

    private final InstantSource clock;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final Set<String> perhapsKnown = ConcurrentHashMap.newKeySet();
    private volatile long since;

    UndeclaredNames(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Whether there is room to remember how a name has failed.
     *
     * @param isUnknown whether its provider says that it does not know it
     */
    boolean haveRoom(String name, boolean isUnknown) {
        long hour = clock.millis() / HOUR;
        if (since != hour) {
            since = hour;
            unknown.clear();
            perhapsKnown.clear();
        }
        Set<String> names = isUnknown ? unknown : perhapsKnown;
        return names.contains(name) || (names.size() < MOST && names.add(name));
    }
}
