package io.omniroute.app;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when it was told to end and has not: whatever a library waits for in its end, the next version must be able to take the
 * port. The drain and everything that has a bound of its own is over long before.
 */
final class LastResort {

    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

    /** What a shell shows of a process that SIGTERM has ended. */
    private static final int TERMINATED = 143;

    private LastResort() {}

    /** Waits for the JVM to be told to end, and then for so long. */
    static void after(Duration patience) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> Thread.ofPlatform().daemon().name("last-resort").start(() -> end(patience)),
                        "last-resort-hook"));
    }

    private static void end(Duration patience) {
        try {
            Thread.sleep(patience);
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
            return;
        }
        LOG.error("the process did not end within {} s, and is ended now", patience.toSeconds());
        Runtime.getRuntime().halt(TERMINATED);
    }
}
