package io.omniroute.filters.upstream;

import io.omniroute.filters.Ending;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.format.IncompleteAnswer;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.model.Usage;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Brings whole answers to the client: collects one, looks whether it is complete, and only then lets its head leave. */
final class WholeAnswers {

    private final LimitsProperties limits;
    private final JsonLimits json;
    private final BodyMemory memory;

    /** @param memory is taken by answers until they have left */
    WholeAnswers(LimitsProperties limits, JsonLimits json, BodyMemory memory) {
        this.limits = limits;
        this.json = json;
        this.memory = memory;
    }

    Mono<Void> bring(Answering answering) {
        return Mono.using(memory::share, share -> bring(answering, share), BodyMemory.Share::close);
    }

    private Mono<Void> bring(Answering answering, BodyMemory.Share share) {
        return read(answering, share, new ChatAnswer.Fold())
                .<byte[]>handle((shown, sink) -> {
                    ApiError failure = answering.progress().failure();
                    if (failure == null) {
                        sink.next(shown);
                    } else {
                        sink.error(failure.exception());
                    }
                })
                // behind the failure, which cancels what it comes from: that is not the client's going
                .doOnCancel(answering::gone)
                .onErrorMap(UpstreamBody::connectionFailure)
                .flatMap(shown -> write(answering, shown));
    }

    /** Reads a whole answer, and the next if the provider pauses; gives it back as it is, or in the client's format. */
    private Mono<byte[]> read(Answering answering, BodyMemory.Share share, ChatAnswer.Fold fold) {
        UpstreamBody.requireType(answering.answer(), MediaType.APPLICATION_JSON);
        OperationCodec codec = answering.exchange().attempt().codec();
        Optional<Translation> translation = answering.translation();
        Turns turns = answering.turns();
        return UpstreamBody.whole(
                        new UpstreamReads(answering.exchange(), answering.deadlines()),
                        share,
                        limits.answer().toBytes())
                .flatMap(answer -> {
                    turns.hear(answer);
                    if (translation.isEmpty()) {
                        codec.readAnswer(
                                answer, json, event -> answering.progress().hear(of(answering, event)));
                        return Mono.just(answering
                                .call()
                                .endpoint()
                                .format()
                                .named(answer, answering.call().head().model()));
                    }
                    codec.readAnswer(
                            answer,
                            json,
                            event -> turns.hear(of(answering, event), joined -> {
                                answering.progress().hear(joined);
                                translation.get().restore(joined, fold);
                            }));
                    if (turns.isPaused()) {
                        return answering.goOn().then(Mono.defer(() -> read(answering, share, fold)));
                    }
                    return Mono.just(
                            fold.failure() == null ? written(answering, translation.get(), fold.answer()) : answer);
                });
    }

    /** What breaks off although HTTP knows where it ends was written so by its provider, which nothing is gained by asking again. */
    static StreamEvent of(Answering answering, StreamEvent event) {
        if (!(event instanceof StreamEvent.Failure failure)
                || !ErrorCodes.EARLY_END.equals(failure.error().code())) {
            return event;
        }
        boolean framed = answering.answer().header("content-length") != null
                || answering.answer().header("transfer-encoding") != null;
        return framed ? IncompleteAnswer.failure() : event;
    }

    private static byte[] written(Answering answering, Translation translation, ChatAnswer answer) {
        Usage usage = answer.usage();
        return answering.call().endpoint().operation() == Operation.COUNT_TOKENS
                ? translation.client().encodeCount(usage == null ? 0 : usage.input())
                : translation.client().encodeAnswer(answer, answering.context(translation));
    }

    private static Mono<Void> write(Answering answering, byte[] answer) {
        answering.turns().complete();
        ServerHttpResponse response = answering.begin(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(answer.length);
        answering.sent().ifPresent(copy -> copy.whole(answer));
        return new Sent(answering).of(response.writeWith(Mono.fromSupplier(() -> Answering.wrap(response, answer))));
    }

    /** Notes whether a whole answer has left. */
    private static final class Sent extends Ending<Void> {

        private final Answering answering;

        Sent(Answering answering) {
            this.answering = answering;
        }

        @Override
        protected void completes() {
            answering.end(Outcome.Completion.COMPLETE, null);
        }

        @Override
        protected Throwable fails(Throwable lost) {
            answering.gone();
            return lost;
        }

        @Override
        protected void cancelled() {
            answering.gone();
        }
    }
}
