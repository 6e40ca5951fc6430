package io.omniroute.filters.upstream;

import io.netty.util.Timeout;
import io.omniroute.filters.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Puts something that says nothing into a stream that has been silent for a while. It stands between whole events, because what
 * passes here is whole events. One per stream.
 */
final class Heartbeat {

    private final Timers timers;
    private final Duration every;
    private final byte[] beat;
    private volatile long last = System.nanoTime();
    private volatile boolean over;
    private volatile @Nullable Timeout next;
    private volatile @Nullable FluxSink<byte[]> beats;

    private Heartbeat(Timers timers, Duration every, byte[] beat) {
        this.timers = timers;
        this.every = every;
        this.beat = beat;
    }

    /**
     * The stream, with the beat after every such time without an event. Beats come on the timers' thread.
     *
     * @param every 0 for never
     */
    static Flux<byte[]> in(Flux<byte[]> stream, Timers timers, Duration every, byte[] beat) {
        return every.isZero() || every.isNegative()
                ? stream
                : Flux.defer(() -> new Heartbeat(timers, every, beat).in(stream));
    }

    private Flux<byte[]> in(Flux<byte[]> stream) {
        Flux<byte[]> silent = Flux.create(this::begin, FluxSink.OverflowStrategy.DROP);
        Flux<byte[]> heard = stream.doOnNext(event -> last = System.nanoTime()).doOnTerminate(this::end);
        return Flux.merge(silent, heard);
    }

    private void begin(FluxSink<byte[]> sink) {
        beats = sink;
        sink.onDispose(this::stop);
        look();
    }

    private void look() {
        long left = every.toNanos() - (System.nanoTime() - last);
        FluxSink<byte[]> sink = beats;
        if (left <= 0 && sink != null && !over) {
            last = System.nanoTime();
            left = every.toNanos();
            sink.next(beat);
        }
        if (!over) {
            next = timers.after(Duration.ofNanos(left), this::look);
            if (over) {
                stop();
            }
        }
    }

    private void end() {
        stop();
        FluxSink<byte[]> sink = beats;
        if (sink != null) {
            sink.complete();
        }
    }

    private void stop() {
        over = true;
        Timeout waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
