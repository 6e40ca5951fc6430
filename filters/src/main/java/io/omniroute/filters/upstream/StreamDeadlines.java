package io.omniroute.filters.upstream;

import io.omniroute.config.Deadlines;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Watches over an answer that is being read: first content, silence, whole length. One timer at a time, which looks when
 * the nearest deadline is due, at least every second; reading only notes the time.
 */
final class StreamDeadlines {

    private static final long LINGER = Duration.ofSeconds(1).toNanos();

    /** A deadline can come nearer while the timer runs: after the first content, after the end. */
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();

    private final Deadlines deadlines;
    private final AnswerProgress progress;
    private final long firstContentDue;
    private volatile long lastRead = System.nanoTime();

    /** @param firstContent how long after the attempt's start the first content is due */
    StreamDeadlines(Deadlines deadlines, AnswerProgress progress, Duration firstContent) {
        this.deadlines = deadlines;
        this.progress = progress;
        this.firstContentDue = progress.startedAt() + firstContent.toNanos();
    }

    /** Notes that something was read. */
    void touch() {
        lastRead = System.nanoTime();
    }

    /** Fails with TIMEOUT when a deadline is missed; completes when a closed answer lingers. */
    Mono<Void> missed() {
        return Mono.defer(this::look).repeatWhenEmpty(looks -> looks).then();
    }

    /** Empty, after a while, if there is nothing to say yet. */
    private Mono<Boolean> look() {
        long now = System.nanoTime();
        long left = due() - now;
        if (left > 0) {
            return Mono.delay(Duration.ofNanos(Math.min(left, LONGEST_LOOK))).then(Mono.empty());
        }
        return progress.isClosed() ? Mono.just(true) : Mono.error(failure(now));
    }

    private long due() {
        if (progress.isClosed()) {
            return lastRead + LINGER;
        }
        long silence = lastRead + deadlines.idle().toNanos();
        long other = progress.hasContent() ? streamDue() : firstContentDue;
        return silence - other < 0 ? silence : other;
    }

    private long streamDue() {
        return progress.firstContentAt() + deadlines.stream().toNanos();
    }

    private ApiException failure(long now) {
        if (now - lastRead >= deadlines.idle().toNanos()) {
            return timeout("the provider was silent for " + seconds(deadlines.idle()), "stream_terminated");
        }
        return progress.hasContent()
                ? timeout("the stream lasted longer than " + seconds(deadlines.stream()), "stream_terminated")
                : timeout("the provider sent no content in time", "STREAM_READINESS_TIMEOUT");
    }

    private static ApiException timeout(String message, String code) {
        return ApiError.upstream(ErrorKind.TIMEOUT, ErrorScope.MODEL, message)
                .withCode(code)
                .exception();
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
