package io.omniroute.filters;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The deadlines of calls. Nearly all of them are cancelled before they are due, so they wait in a wheel, where setting and
 * cancelling one wakes no thread; they are due up to a tick later than asked for. Thread-safe.
 */
public final class Timers implements AutoCloseable {

    private static final long TICK_MILLIS = 20;

    private final HashedWheelTimer wheel = new HashedWheelTimer(
            new DefaultThreadFactory("omniroute-timers", true), TICK_MILLIS, TimeUnit.MILLISECONDS);

    /** Starts the wheel's thread, so that the first call does not have to wait for it. */
    public Timers() {
        wheel.start();
    }

    /** Runs something later, on the wheel's thread: it must not block. */
    public Timeout after(Duration delay, Runnable due) {
        return wheel.newTimeout(timeout -> due.run(), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        wheel.stop();
    }
}
