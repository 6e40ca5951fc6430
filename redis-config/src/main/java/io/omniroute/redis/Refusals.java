package io.omniroute.redis;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Redis has refused of late although it is there: writes, because it is full or read-only, or commands that its user may not run.
 * Each reason is logged when it begins and when it ends. Thread-safe.
 */
public final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    /** What is refused is rarely tried; whoever is told it is over is not to be told the contrary at once. */
    private static final Duration LASTS = Duration.ofSeconds(10);

    private record Refusal(String words, long at) {}

    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** @param nanoTime the monotonic clock */
    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes why a call has failed, if it was refused. */
    void note(Throwable failure) {
        ErrorReply.of(failure)
                .ifPresent(reply -> reply.refusal().ifPresent(kind -> {
                    if (refusals.put(kind, new Refusal(reply.words(), nanoTime.getAsLong())) == null) {
                        LOG.warn(
                                "Redis refuses {}: {}",
                                ErrorReply.isOfWrites(kind) ? "writes" : "a command to its user",
                                reply.words());
                    }
                }));
    }

    /** Redis has taken a write: whatever it has not refused for some seconds, it refuses no more. */
    void written() {
        long now = nanoTime.getAsLong();
        refusals.forEach((kind, refusal) -> {
            if (now - refusal.at() > LASTS.toNanos() && refusals.remove(kind, refusal)) {
                LOG.info("Redis refuses nothing with {} any more", kind);
            }
        });
    }

    /** What Redis has said, by its word for the reason. */
    public Map<String, String> current() {
        Map<String, String> current = new TreeMap<>();
        refusals.forEach((kind, refusal) -> current.put(kind, refusal.words()));
        return current;
    }

    /** Whether writes are refused, whoever asks. */
    public boolean areOfWrites() {
        return refusals.keySet().stream().anyMatch(ErrorReply::isOfWrites);
    }
}
