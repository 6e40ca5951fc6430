package io.omniroute.filters.upstream;

import io.omniroute.filters.call.BodyMemory;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import io.omniroute.translators.sse.SseParser;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/**
 * Brings a provider's stream to the client and listens to it on the way. Holds everything until the first content, so that a
 * failure before it can still be followed by another target, and leaves out a terminator that would sell a truncated answer as
 * complete.
 *
 * <p>One per attempt; called by one thread at a time.
 */
final class StreamRelay {

    private static final byte[] NOTHING = new byte[0];
    private static final int USUAL = 512;
    private static final int LARGE = 64 * 1024;

    private final Supplier<StreamDecoder> decoders;
    private StreamDecoder decoder;
    private SseParser parser;
    private final Turns turns;
    private final Consumer<StreamEvent> heard = this::hear;
    private final Consumer<StreamEvent> decoded;
    private final AnswerProgress progress;
    private final int mostHeld;
    private final StreamOutput output;
    private final BodyMemory.Share memory;
    private ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL);
    private int taken;
    /** How much was read until the first content. */
    private long before;

    private final long mostBefore;

    /**
     * @param decoders makes one for each of the provider's streams
     * @param mostHeld how many bytes are held until the first content
     * @param mostBefore how many bytes are read until the first content
     * @param memory is taken for what is held
     * @param output what the client gets
     */
    StreamRelay(
            Supplier<StreamDecoder> decoders,
            SseParser parser,
            Turns turns,
            AnswerProgress progress,
            int mostHeld,
            long mostBefore,
            BodyMemory.Share memory,
            StreamOutput output) {
        this.memory = memory;
        this.turns = turns;
        this.decoded = event -> turns.hear(event, heard);
        this.decoders = decoders;
        this.decoder = decoders.get();
        this.parser = parser;
        this.progress = progress;
        this.mostHeld = mostHeld;
        this.mostBefore = mostBefore;
        this.output = output;
    }

    /** Takes the next bytes from the provider; gives what may leave now, then the failure if there was one. */
    void read(byte[] bytes, SynchronousSink<byte[]> sink) {
        @Nullable ApiException refused = null;
        if (!progress.hasContent()) {
            // decoders remember more than what is held here
            before += bytes.length;
            if (before > mostBefore) {
                sink.error(heldTooMuch());
                return;
            }
        }
        try {
            parser.feed(bytes, this::event);
        } catch (ApiException tooLong) {
            refused = tooLong;
        }
        boolean complete = decoder.complete();
        if (complete) {
            turns.complete();
        }
        if (decoder.thinks()) {
            progress.thinks();
        }
        progress.isComplete(complete);
        pass(sink, refused == null ? failure() : refused);
    }

    /**
     * Takes a whole answer in place of a stream; gives all of it, or the failure that it tells of.
     *
     * @param read reads the events that a stream of it would give
     */
    void whole(byte[] answer, Consumer<Consumer<StreamEvent>> read, SynchronousSink<byte[]> sink) {
        turns.hear(answer);
        read.accept(decoded);
        ApiError failed = progress.failure();
        if (failed != null) {
            sink.error(failed.exception());
            return;
        }
        turns.complete();
        if (!turns.isPaused()) {
            progress.isComplete(true);
            output.close(out);
        }
        memory.take(out.size());
        pass(sink, null);
    }

    /** The provider's stream is at its end: gives what is left and the terminator, or the failure that it was cut. */
    void end(SynchronousSink<byte[]> sink) {
        boolean failed = progress.failure() != null;
        parser.end(this::last);
        if (progress.failure() == null && !progress.isClosed()) {
            decoder.end(decoded);
        }
        ApiException failure = failure();
        // an event that the end of the stream has cut off is no event
        boolean cutOff = !failed
                && failure != null
                && StreamDecoder.UNREADABLE.equals(failure.error().code());
        if (cutOff || failure == null) {
            failure = decoder.complete() ? null : truncated();
        }
        if (failure == null && !progress.isClosed()) {
            output.close(out);
        }
        pass(sink, failure);
        if (failure == null) {
            sink.complete();
        }
    }

    /** The provider goes on, in a stream of its own. */
    void next(SseParser parserOfNext) {
        decoder = decoders.get();
        parser = parserOfNext;
        progress.isComplete(false);
    }

    /** Whether what was read is a complete answer, whatever comes after it. */
    boolean isComplete() {
        return progress.failure() == null && decoder.complete();
    }

    /** What has no blank line behind it: an event that the end of the stream has cut off is none, behind a complete answer, too. */
    private void last(SseEvent event) {
        if (event.hasData() && decoder.complete()) {
            List<StreamEvent> told = new ArrayList<>();
            decoders.get().decode(event, told::add);
            if (told.contains(StreamDecoder.unreadable())) {
                return;
            }
        }
        event(event);
    }

    private void event(SseEvent event) {
        if (progress.failure() != null || (progress.isClosed() && event.hasData())) {
            return;
        }
        turns.hear(event);
        if (event.isBare()) {
            bare(event);
        } else {
            decoder.decode(event, decoded);
        }
        boolean refused = progress.failure() != null || (progress.isClosed() && !decoder.complete());
        if (!refused) {
            output.passed(event, decoder, out);
        }
    }

    /** What is no event may say that something has failed; anything else clients would not read, so it says nothing of the answer either. */
    private void bare(SseEvent event) {
        List<StreamEvent> told = new ArrayList<>();
        decoders.get().decode(event, told::add);
        told.removeIf(one -> !(one instanceof StreamEvent.Failure));
        if (told.isEmpty() && !decoder.complete()) {
            told.add(StreamDecoder.unreadable());
        }
        told.forEach(decoded);
    }

    private void hear(StreamEvent event) {
        progress.hear(event);
        if (progress.failure() == null) {
            output.hear(event, out);
        }
    }

    private @Nullable ApiException failure() {
        ApiError reported = progress.failure();
        if (reported != null) {
            return reported.exception();
        }
        return progress.isClosed() && !decoder.complete() ? truncated() : null;
    }

    private void pass(SynchronousSink<byte[]> sink, @Nullable ApiException failure) {
        boolean content = progress.hasContent();
        if (content && out.size() > 0) {
            sink.next(out.toByteArray());
            leave();
        } else if (failure == null && !content) {
            if (out.size() > mostHeld) {
                sink.error(heldTooMuch());
                return;
            }
            hold();
            sink.next(NOTHING);
        }
        if (failure != null) {
            sink.error(failure);
        }
    }

    private void hold() {
        memory.take(out.size() - taken);
        taken = out.size();
    }

    /** A buffer that has held much is not kept for as long as the stream lasts. */
    private void leave() {
        if (taken > 0) {
            memory.giveBack();
            taken = 0;
        }
        if (out.size() > LARGE) {
            out = new ByteArrayOutputStream(USUAL);
        } else {
            out.reset();
        }
    }

    private static ApiException truncated() {
        return ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        ErrorScope.MODEL,
                        "the provider's stream ended before the answer was complete")
                .withCode(ErrorCodes.EARLY_END)
                .exception();
    }

    private static ApiException heldTooMuch() {
        return ApiError.upstream(
                        ErrorKind.UPSTREAM_ERROR,
                        ErrorScope.MODEL,
                        "the provider's stream has no content after many events")
                .exception();
    }
}
