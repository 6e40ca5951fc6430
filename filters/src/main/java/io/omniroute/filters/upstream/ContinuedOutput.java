package io.omniroute.filters.upstream;

import io.omniroute.config.Target;
import io.omniroute.filters.call.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Continuation;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A stream that another target goes on with when it is cut off after its first content. The seam is marked by a comment. */
final class ContinuedOutput implements StreamOutput {

    private static final byte[] SEAM = ": omniroute-continued\n\n".getBytes(StandardCharsets.UTF_8);

    private final TranslatedOutput output;
    private final Continuations others;
    private final Continuation joined = new Continuation();
    /** Whether all was said, whatever comes then. */
    private boolean complete;

    ContinuedOutput(TranslatedOutput output, Continuations others) {
        this.output = output;
        this.others = others;
    }

    @Override
    public void hear(StreamEvent event, ByteArrayOutputStream out) {
        output.hear(event, out, joined::hear);
    }

    @Override
    public void passed(SseEvent event, StreamDecoder decoder, ByteArrayOutputStream out) {
        complete = decoder.complete();
        output.passed(event, decoder, out);
    }

    @Override
    public void close(ByteArrayOutputStream out) {
        output.close(out);
    }

    @Override
    public List<byte[]> failed(ApiError error) {
        return output.failed(error);
    }

    /** Whether somebody goes on after this failure. */
    boolean goesOnAfter(ApiError error, Target cutOff) {
        return !complete && error.scope() != ErrorScope.REQUEST && joined.mayGoOn() && others.areLeft(cutOff);
    }

    /**
     * The rest of the answer, or the failure if nobody could complete it.
     *
     * @param cutOff whose answer was cut off
     * @param marked whether the client reads comments
     * @param ends is told how the answer has ended
     */
    Flux<byte[]> rest(ApiError error, Target cutOff, boolean marked, Consumer<Outcome.Completion> ends) {
        return Flux.defer(() -> {
            Flux<StreamEvent> rest = others.next(joined.said(), cutOff);
            joined.next();
            Flux<byte[]> written = rest.<byte[]>handle((event, sink) -> {
                if (event instanceof StreamEvent.Failure failure) {
                    sink.error(failure.error().exception());
                    return;
                }
                ByteArrayOutputStream out = new ByteArrayOutputStream(256);
                joined.accept(event, one -> output.add(one, out));
                if (out.size() > 0) {
                    sink.next(out.toByteArray());
                }
            });
            return Flux.concat(marked ? Mono.just(SEAM) : Mono.empty(), written)
                    .doOnComplete(() -> ends.accept(Outcome.Completion.CONTINUED))
                    .doOnCancel(() -> ends.accept(Outcome.Completion.CLIENT_GONE))
                    .onErrorResume(CancellationException.class, left -> {
                        ends.accept(Outcome.Completion.CLIENT_GONE);
                        return Mono.empty();
                    })
                    .onErrorResume(failure -> {
                        if (goesOnAfter(Answering.asError(failure), cutOff)) {
                            return rest(error, cutOff, marked, ends);
                        }
                        ends.accept(Outcome.Completion.UPSTREAM_FAILED);
                        return StreamedAnswers.apart(output.failed(error));
                    });
        });
    }
}
