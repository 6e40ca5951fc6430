package io.omniroute.filters.combo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The calls of this instance that wait for an account, in the order in which they came. The first of them ask whether it is free, as many
 * as may run at once; whoever becomes one of them is woken, and so are they when a call of this instance gives its place back. Thread-safe.
 */
final class WaitingLine {

    /** One that waits. */
    static final class Place {

        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile Sinks.Empty<Void> wake = Sinks.empty();

        /** Completes after that time, or sooner where it is worth asking again; at once if it has become so since the last time. */
        Mono<Void> sleep(Duration time) {
            Sinks.Empty<Void> next = Sinks.empty();
            wake = next;
            return woken.getAndSet(false)
                    ? Mono.empty()
                    : Mono.firstWithSignal(Mono.delay(time).then(), next.asMono())
                            .doOnTerminate(() -> woken.set(false));
        }

        private void wake() {
            woken.set(true);
            wake.tryEmitEmpty();
        }
    }

    private final Set<Place> places = new LinkedHashSet<>();
    private final int first;
    private Duration delay = Duration.ZERO;

    /** @param first how many may ask at a time */
    WaitingLine(int first) {
        this.first = first;
    }

    /** Takes the last place; {@code false} if that many wait already. */
    synchronized boolean enter(Place place, int most) {
        return places.size() < most && places.add(place);
    }

    /** Leaves the line, and wakes whoever is one of the first by that. */
    void leave(Place place) {
        List<Place> woken;
        synchronized (this) {
            List<Place> before = asking();
            if (!places.remove(place)) {
                return;
            }
            woken = asking();
            woken.removeAll(before);
        }
        woken.forEach(Place::wake);
    }

    /** Wakes those who may ask. */
    void wake() {
        List<Place> woken;
        synchronized (this) {
            woken = asking();
        }
        woken.forEach(Place::wake);
    }

    /** Whether it is among the first. */
    synchronized boolean mayAsk(Place place) {
        return asking().contains(place);
    }

    /** Notes how long the first were told to wait. */
    synchronized void told(Duration time) {
        delay = time;
    }

    /** How long the first were last told to wait. */
    synchronized Duration delay() {
        return delay;
    }

    /** How many wait. */
    synchronized int size() {
        return places.size();
    }

    private List<Place> asking() {
        List<Place> asking = new ArrayList<>(first);
        for (Place place : places) {
            if (asking.size() == first) {
                break;
            }
            asking.add(place);
        }
        return asking;
    }
}
