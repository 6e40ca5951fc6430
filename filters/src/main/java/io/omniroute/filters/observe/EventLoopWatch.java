package io.omniroute.filters.observe;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * Whether every event loop still turns: each one notes the time once a second, and one that has not for ten seconds makes
 * the process dead for its orchestrator.
 */
public final class EventLoopWatch implements HealthIndicator, SmartLifecycle {

    static final Duration STUCK = Duration.ofSeconds(10);

    private final Iterable<EventExecutor> loops;
    private final LongSupplier nanoTime;
    private final Map<EventExecutor, Long> turned = new ConcurrentHashMap<>();
    private final Map<EventExecutor, Future<?>> ticks = new ConcurrentHashMap<>();

    /**
     * @param loops the event loops of the server
     * @param nanoTime the monotonic clock
     */
    public EventLoopWatch(Iterable<EventExecutor> loops, LongSupplier nanoTime) {
        this.loops = loops;
        this.nanoTime = nanoTime;
    }

    @Override
    public Health health() {
        long now = nanoTime.getAsLong();
        long slowest = turned.values().stream().mapToLong(at -> now - at).max().orElse(0);
        Health.Builder health = slowest > STUCK.toNanos() ? Health.down() : Health.up();
        return health.withDetail("loops", turned.size())
                .withDetail("slowestTurnMillis", TimeUnit.NANOSECONDS.toMillis(slowest))
                .build();
    }

    @Override
    public void start() {
        for (EventExecutor loop : loops) {
            turned.put(loop, nanoTime.getAsLong());
            ticks.put(
                    loop,
                    loop.scheduleAtFixedRate(() -> turned.put(loop, nanoTime.getAsLong()), 0, 1, TimeUnit.SECONDS));
        }
    }

    @Override
    public void stop() {
        ticks.values().forEach(tick -> tick.cancel(false));
        ticks.clear();
        turned.clear();
    }

    @Override
    public boolean isRunning() {
        return !ticks.isEmpty();
    }
}
