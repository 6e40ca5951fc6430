package io.omniroute.filters.upstream;

import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.FinishReason;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows one attempt's answer: what the outcome will need, and the call's taps, which hear it from the first content on.
 */
final class AnswerProgress {

    private static final int BYTES_PER_TOKEN = 4;

    private final Call call;
    private final AttemptExchange attempt;
    private final long startedAt;
    private final List<StreamEvent> unheard = new ArrayList<>();
    private @Nullable Usage usage;
    private @Nullable ApiError failure;
    private volatile boolean content;
    private volatile long firstContentAt;
    private volatile boolean thinking;
    private volatile long thinkingSince;
    private String model = "";
    private long characters;
    /** The last part whose deltas are no words. */
    private int wordless = -1;

    private volatile boolean closed;
    private volatile long closedAt;
    /** Whether the provider has counted what it has written, and not only what it has read. */
    private boolean counted;

    private volatile boolean complete;
    private volatile long completeAt;

    /** @param startedAt when the attempt began, by the monotonic clock */
    AnswerProgress(Call call, AttemptExchange attempt, long startedAt) {
        this.attempt = attempt;
        this.call = call;
        this.startedAt = startedAt;
    }

    void hear(StreamEvent event) {
        switch (event) {
            case StreamEvent.Start start -> model = start.model();
            case StreamEvent.PartDelta delta ->
                characters += wordless == delta.part() ? 0 : delta.text().length();
            case StreamEvent.UsageUpdate update -> {
                usage = update.usage();
                counted = content;
            }
            case StreamEvent.Failure failed -> failure = failure == null ? failed.error() : failure;
            case StreamEvent.End end -> close();
            case StreamEvent.PartStart start -> {
                wordless = start.kind().isWords() ? wordless : start.part();
                if (start.kind() == PartKind.REASONING) {
                    thinks();
                }
            }
            case StreamEvent.OwnWork work -> {
                // is content, which counts below
            }
            case StreamEvent.PartSeal seal -> {
                // only the provider can read it
            }
            case StreamEvent.PartSource source -> {
                // belongs to a text that counts already
            }
            case StreamEvent.PartProbabilities likely -> {
                // says nothing of cost or progress
            }
            case StreamEvent.PartEnd end -> {
                // nothing to remember
            }
            case StreamEvent.Finish finish -> {
                if (isEmpty(finish) && failure == null) {
                    failure = empty();
                }
            }
        }
        if (failure != null && !content) {
            return; // nothing of it is the answer
        }
        if (!content && event.isContent()) {
            firstContentAt = System.nanoTime();
            content = true;
        }
        if (complete && event.isContent()) {
            // it has ended its answer before, and goes on
            completeAt = System.nanoTime();
        }
        tell(event);
    }

    /** Whether an end is all that was said: to call nothing, or a plain one, where the provider itself counts nothing that it has written. */
    private boolean isEmpty(StreamEvent.Finish finish) {
        Usage reported = usage;
        if (!content && finish.reason() == FinishReason.TOOL) {
            return true;
        }
        return !content
                && finish.reason() == FinishReason.STOP
                && reported != null
                && !reported.isNothing()
                && reported.output() == 0;
    }

    private static ApiError empty() {
        return ApiError.upstream(ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the provider's answer has nothing in it")
                .withCode("upstream_empty_answer");
    }

    /** What the provider reported as failed, if it did. */
    @Nullable
    ApiError failure() {
        return failure;
    }

    boolean hasContent() {
        return content;
    }

    /** Notes that the model has begun to think, although perhaps nobody sees what. */
    void thinks() {
        if (!thinking) {
            thinkingSince = System.nanoTime();
            thinking = true;
        }
    }

    /** Whether the model has begun to think. */
    boolean isThinking() {
        return thinking;
    }

    /** Since when, by the monotonic clock; meaningless before. */
    long thinkingSince() {
        return thinkingSince;
    }

    /** When the first content came, by the monotonic clock; meaningless before. */
    long firstContentAt() {
        return firstContentAt;
    }

    /** When the attempt began, by the monotonic clock. */
    long startedAt() {
        return startedAt;
    }

    /** Whether the provider has sent its terminator. */
    boolean isClosed() {
        return closed;
    }

    /** Since when, by the monotonic clock; meaningless before. */
    long closedAt() {
        return closedAt;
    }

    private void close() {
        if (!closed) {
            closedAt = System.nanoTime();
            closed = true;
        }
    }

    /** Whether it has said all by the rules of its format, with or without a terminator. */
    boolean isComplete() {
        return complete;
    }

    /** @param now whether it has said all, as far as was read */
    void isComplete(boolean now) {
        if (now && !complete) {
            completeAt = System.nanoTime();
        }
        complete = now;
    }

    /** Since when, by the monotonic clock; meaningless before. */
    long completeAt() {
        return completeAt;
    }

    /** Ends the answer; only the first time counts, and tells the taps. What another attempt answers is not this one's to end. */
    @Nullable
    Outcome end(Outcome.Completion completion, @Nullable ApiError error) {
        boolean ofAnother = attempt.isLost() || (call.isAnswered() && !call.isAnsweredBy(attempt));
        if (ofAnother || !call.ends()) {
            return null;
        }
        Duration firstContent = content ? Duration.ofNanos(firstContentAt - startedAt) : null;
        Outcome outcome = new Outcome(completion, usage(), model, firstContent, error);
        call.taps().forEach(tap -> tap.ended(outcome));
        return outcome;
    }

    /** What the provider has said; until the end that is what it has read, and perhaps the first of what it has written. */
    private Usage usage() {
        Usage reported = usage;
        long written = characters / BYTES_PER_TOKEN;
        if (reported == null || reported.isNothing()) {
            return new Usage(call.promptTokens(), 0, 0, written, 0, true);
        }
        return counted || complete || closed || written <= reported.output()
                ? reported
                : new Usage(
                        reported.input(),
                        reported.cacheRead(),
                        reported.cacheWrite(),
                        written,
                        reported.reasoning(),
                        true);
    }

    private void tell(StreamEvent event) {
        if (call.taps().isEmpty()) {
            return;
        }
        unheard.add(event);
        if (content && call.isAnsweredBy(attempt)) {
            tellAll();
        }
    }

    /** The attempt is the one that answers the client: the taps hear what it has said so far. */
    void claimed() {
        if (!call.taps().isEmpty()) {
            tellAll();
        }
    }

    private void tellAll() {
        for (StreamEvent next : unheard) {
            call.taps().forEach(tap -> tap.hear(next));
        }
        unheard.clear();
    }
}
