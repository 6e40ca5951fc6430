package io.omniroute.filters.upstream;

import io.netty.util.Timeout;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.Timers;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Watches over an answer: head, first content, silence, whole length, and the end of the gateway itself. One timer at a
 * time, which looks when the nearest deadline is due, at least every second; reading only notes the time.
 */
final class AnswerDeadlines {

    /** How long the end of a connection is waited for behind a terminator, whatever still comes. */
    private static final long LINGER = Duration.ofSeconds(1).toNanos();
    /** How long what is complete waits for what often comes after it: the usage, a terminator. */
    private static final Duration UNTERMINATED = Duration.ofSeconds(5);

    /** How long a client need not read, at least. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

    /** A deadline can come nearer while the timer runs: after the first content, after the end. */
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();

    private final Timers timers;
    private final Drain drain;
    private final Deadlines deadlines;
    private final AnswerProgress progress;
    private final String awaited;
    private final Bounds own;
    private final Bounds usual;
    private final AttemptExchange attempt;
    private volatile long askedAt;
    /** When the provider was asked first, once it is asked again. */
    private volatile long askedFirstAt;

    private volatile boolean again;
    private volatile boolean headRead;
    private volatile long lastRead;
    /** Whether the client's side asks for nothing at the moment. */
    private volatile boolean paused;

    /**
     * How long things may take.
     *
     * @param head from when the request leaves to the head; also from the attempt's start until it leaves
     * @param firstContent from when the request leaves to the first content, or to the whole answer
     * @param idle between two reads
     */
    record Bounds(Duration head, Duration firstContent, Duration idle) {}

    /**
     * @param own for this attempt
     * @param usual for others at the same provider
     * @param awaited what the first content is, in a word or two
     * @param attempt is told which bound was missed, and the usual one
     */
    AnswerDeadlines(
            Timers timers,
            Drain drain,
            Deadlines deadlines,
            AnswerProgress progress,
            Bounds own,
            Bounds usual,
            String awaited,
            AttemptExchange attempt) {
        this.timers = timers;
        this.drain = drain;
        this.deadlines = deadlines;
        this.progress = progress;
        this.awaited = awaited;
        this.own = own;
        this.usual = usual;
        this.attempt = attempt;
        this.askedAt = progress.startedAt();
    }

    /** Notes that something was read: the head, and later each part of the body. */
    void touch() {
        lastRead = System.nanoTime();
        headRead = true;
    }

    /** Notes that the provider is asked to go on: it has to begin to answer anew. */
    void asksAgain() {
        askedFirstAt = begunAt();
        again = true;
        askedAt = System.nanoTime();
        headRead = false;
        paused = false;
    }

    /** Nothing is asked of the provider as long as the client does not read: that is not its silence. */
    void pauses() {
        paused = true;
    }

    /** Something is asked of the provider again. */
    void goesOn() {
        lastRead = System.nanoTime();
        paused = false;
    }

    /**
     * Fails with TIMEOUT when a deadline is missed, or with the drain's failure; completes when a closed answer lingers.
     * Signals on the timers' thread.
     */
    Mono<Void> missed() {
        return Mono.create(sink -> new Watch(sink).look());
    }

    /** What one subscriber waits for. */
    private final class Watch {

        private final MonoSink<Void> sink;
        private volatile @Nullable Timeout next;
        private volatile boolean over;

        Watch(MonoSink<Void> sink) {
            this.sink = sink;
            sink.onDispose(this::stop);
        }

        void look() {
            ApiException ended = drain.expired();
            long now = System.nanoTime();
            long left = due() - now;
            if (ended != null) {
                sink.error(ended);
            } else if (left > 0) {
                next = timers.after(Duration.ofNanos(Math.min(left, LONGEST_LOOK)), this::look);
                if (over) {
                    stop();
                }
            } else if (headRead && (progress.isClosed() || progress.isComplete())) {
                sink.success();
            } else {
                sink.error(failure(now));
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

    private long due() {
        if (!headRead) {
            return attempt.leftSince(askedAt) + own.head().toNanos();
        }
        if (progress.isClosed()) {
            return progress.closedAt() + LINGER;
        }
        long silence = lastRead + silence().toNanos();
        long other = progress.isComplete() && !paused
                ? progress.completeAt() + UNTERMINATED.toNanos()
                : progress.hasContent()
                        ? streamDue()
                        : progress.isThinking()
                                ? thoughtDue()
                                : begunAt() + own.firstContent().toNanos();
        return silence - other < 0 ? silence : other;
    }

    /** When the first request has left; how long it waited for a connection is not the provider's time. */
    private long begunAt() {
        return again ? askedFirstAt : attempt.leftSince(askedAt);
    }

    /** How long nothing may be read: a client may take its time, but not for good what others could have. */
    private Duration silence() {
        Duration idle = deadlines.idle();
        return paused && idle.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : idle;
    }

    private long streamDue() {
        return progress.firstContentAt() + deadlines.stream().toNanos();
    }

    /** A model that thinks is at work, whether it shows that or not; it has as long as for an answer that is not streamed. */
    private long thoughtDue() {
        Duration whole = deadlines.responseHeaders();
        Duration most = whole.compareTo(own.firstContent()) > 0 ? whole : own.firstContent();
        return progress.thinkingSince() + most.toNanos();
    }

    private ApiException failure(long now) {
        return headRead ? ofTheAnswer(now) : attempt.wantOfConnection(askedAt).orElseGet(this::ofTheHead);
    }

    private ApiException ofTheHead() {
        attempt.missed(own.head(), usual.head());
        return ApiError.upstream(ErrorKind.TIMEOUT, ErrorScope.PROVIDER, "the provider did not begin to answer in time")
                .exception();
    }

    private ApiException ofTheAnswer(long now) {
        if (now - lastRead >= silence().toNanos()) {
            attempt.missed(own.idle(), usual.idle());
            return paused
                    ? ofTheRequest("the client has not read for " + seconds(silence()))
                    : timeout("the provider was silent for " + seconds(deadlines.idle()), ErrorCodes.TERMINATED);
        }
        attempt.missed(own.firstContent(), usual.firstContent());
        return progress.hasContent()
                ? ofTheRequest("the stream lasted longer than " + seconds(deadlines.stream()))
                : timeout("the provider sent no " + awaited + " in time", "STREAM_READINESS_TIMEOUT");
    }

    /** Says nothing of the provider. */
    private static ApiException ofTheRequest(String message) {
        return ApiError.upstream(ErrorKind.TIMEOUT, ErrorScope.REQUEST, message)
                .withCode(ErrorCodes.TERMINATED)
                .exception();
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
