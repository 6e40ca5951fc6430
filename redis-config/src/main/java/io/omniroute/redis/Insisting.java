package io.omniroute.redis;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Writes that nobody waits for, and that must not be lost because Redis was away for a moment. */
public final class Insisting {

    private static final int TIMES = 8;
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private Insisting() {}

    /** The same write, again and again for about ten seconds if it fails; then it fails with its last failure. It may take effect more than once. */
    public static <T> Mono<T> on(Mono<T> write) {
        return write.retryWhen(
                Retry.backoff(TIMES, FIRST).maxBackoff(LONGEST).onRetryExhaustedThrow((spec, last) -> last.failure()));
    }
}
