package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.omniroute.config.Deadlines;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Timers;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.combo.Attempt;
import io.omniroute.filters.combo.AttemptExchange;
import io.omniroute.filters.combo.UpstreamAnswer;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.AnswerContext;
import io.omniroute.translators.format.Operation;
import io.omniroute.translators.format.OperationCodec;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Usage;
import io.omniroute.translators.sse.ArrayFraming;
import io.omniroute.translators.sse.SseParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Brings a provider's good answer to the client: streamed as it comes, or whole once all of it is there. */
public final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final int MOST_WARNINGS = 50;

    private final LimitsProperties limits;
    private final JsonLimits json;
    private final StreamProperties streams;
    private final Timers timers;

    public Answers(LimitsProperties limits, JsonLimits json, StreamProperties streams, Timers timers) {
        this.limits = limits;
        this.json = json;
        this.streams = streams;
        this.timers = timers;
    }

    /** The beginning of an error's body; empty if it does not come in time. */
    Mono<byte[]> errorBody(Flux<ByteBuf> body, Deadlines deadlines) {
        return UpstreamBody.ofError(body, deadlines, limits.errorBody().toBytes());
    }

    /** Streams the answer; the client's head leaves with the first content. */
    Mono<Void> stream(
            AttemptExchange exchange, Call call, AnswerProgress progress, AnswerDeadlines deadlines, Turns turns) {
        StreamOutput output = output(exchange, call);
        StreamRelay relay = new StreamRelay(
                decoder(exchange, call),
                parser(),
                turns,
                progress,
                (int) limits.heldStream().toBytes(),
                output);
        return round(exchange, call, relay, deadlines, turns)
                .onErrorMap(UpstreamBody::connectionFailure)
                .filter(bytes -> bytes.length > 0)
                .doOnCancel(() -> end(exchange, progress, Outcome.Completion.CLIENT_GONE, null))
                .switchOnFirst((first, passing) -> first.hasValue()
                        ? write(exchange, call, progress, output, passing)
                        : passing.<Void>handle((bytes, sink) -> {}))
                .then();
    }

    /** Reads one of the provider's streams, and the next if it pauses. */
    private Flux<byte[]> round(
            AttemptExchange exchange, Call call, StreamRelay relay, AnswerDeadlines deadlines, Turns turns) {
        UpstreamBody.requireType(answer(exchange), MediaType.TEXT_EVENT_STREAM);
        Flux<byte[]> reads = exchange.body().map(UpstreamBody::bytes).takeUntilOther(deadlines.missed());
        Flux<byte[]> passed = reads.<byte[]>handle((bytes, sink) -> {
                    deadlines.touch();
                    relay.read(bytes, sink);
                })
                .onErrorResume(IOException.class, cut -> relay.isComplete() ? Mono.empty() : Mono.error(cut));
        Flux<byte[]> then = Flux.defer(() -> {
            if (!turns.isPaused()) {
                return Flux.generate(relay::end);
            }
            relay.next(decoder(exchange, call), parser());
            return turns.goOn().thenMany(Flux.defer(() -> round(exchange, call, relay, deadlines, turns)));
        });
        return Flux.concat(passed, then);
    }

    private StreamDecoder decoder(AttemptExchange exchange, Call call) {
        return exchange.attempt().codec().streamDecoder(call.head(), json);
    }

    private SseParser parser() {
        return new SseParser((int) limits.sseEvent().toBytes());
    }

    /** Collects the answer, looks whether it is complete, and only then lets its head leave. */
    Mono<Void> whole(
            AttemptExchange exchange, Call call, AnswerProgress progress, AnswerDeadlines deadlines, Turns turns) {
        return read(exchange, call, progress, deadlines, turns, new ChatAnswer.Fold())
                .doOnCancel(() -> end(exchange, progress, Outcome.Completion.CLIENT_GONE, null))
                .onErrorMap(UpstreamBody::connectionFailure)
                .flatMap(shown -> {
                    ApiError failure = progress.failure();
                    return failure == null
                            ? write(exchange, call, progress, shown)
                            : Mono.<Void>error(failure.exception());
                });
    }

    /** Reads a whole answer, and the next if the provider pauses; gives it back as it is, or in the client's format. */
    private Mono<byte[]> read(
            AttemptExchange exchange,
            Call call,
            AnswerProgress progress,
            AnswerDeadlines deadlines,
            Turns turns,
            ChatAnswer.Fold fold) {
        UpstreamBody.requireType(answer(exchange), MediaType.APPLICATION_JSON);
        OperationCodec codec = exchange.attempt().codec();
        Optional<Translation> translation = ExchangeAttributes.find(exchange, Translation.class);
        return UpstreamBody.whole(exchange.body(), deadlines, limits.answer().toBytes())
                .flatMap(answer -> {
                    turns.hear(answer);
                    if (translation.isEmpty()) {
                        codec.readAnswer(answer, json, progress::hear);
                        return Mono.just(answer);
                    }
                    codec.readAnswer(
                            answer,
                            json,
                            event -> turns.hear(event, joined -> {
                                progress.hear(joined);
                                translation.get().restore(joined, fold);
                            }));
                    if (turns.isPaused()) {
                        return turns.goOn()
                                .then(Mono.defer(() -> read(exchange, call, progress, deadlines, turns, fold)));
                    }
                    return Mono.just(
                            fold.failure() == null
                                    ? written(exchange, call, translation.get(), fold.answer())
                                    : answer);
                });
    }

    private static byte[] written(AttemptExchange exchange, Call call, Translation translation, ChatAnswer answer) {
        Usage usage = answer.usage();
        return call.endpoint().operation() == Operation.COUNT_TOKENS
                ? translation.client().encodeCount(usage == null ? 0 : usage.input())
                : translation.client().encodeAnswer(answer, context(exchange, call, translation));
    }

    private static StreamOutput output(AttemptExchange exchange, Call call) {
        Attempt attempt = exchange.attempt();
        Optional<Translation> translation = ExchangeAttributes.find(exchange, Translation.class);
        if (translation.isEmpty()) {
            return new PassedOutput(!call.head().usageAsked(), attempt.format());
        }
        TranslatedOutput translated = new TranslatedOutput(
                translation.get(),
                translation.get().client().streamEncoder(context(exchange, call, translation.get())));
        return ExchangeAttributes.find(exchange, Continuations.class)
                .<StreamOutput>map(others -> new ContinuedOutput(translated, others))
                .orElse(translated);
    }

    private static AnswerContext context(AttemptExchange exchange, Call call, Translation translation) {
        String id = call.id().own().replaceAll("[^A-Za-z0-9]", "");
        return translation.context(
                id,
                exchange.attempt().target().name(),
                System.currentTimeMillis() / 1_000,
                call.head().usageAsked());
    }

    private static Mono<Void> write(AttemptExchange exchange, Call call, AnswerProgress progress, byte[] answer) {
        ServerHttpResponse response = begin(exchange, call, progress, MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(answer.length);
        sent(exchange).ifPresent(copy -> copy.whole(answer));
        return response.writeWith(Mono.fromSupplier(() -> wrap(response, answer)))
                .doOnSuccess(sent -> end(exchange, progress, Outcome.Completion.COMPLETE, null))
                .doOnError(lost -> end(exchange, progress, Outcome.Completion.CLIENT_GONE, null))
                .doOnCancel(() -> end(exchange, progress, Outcome.Completion.CLIENT_GONE, null));
    }

    private Mono<Void> write(
            AttemptExchange exchange, Call call, AnswerProgress progress, StreamOutput output, Flux<byte[]> passing) {
        String alt = exchange.call().getRequest().getQueryParams().getFirst("alt");
        boolean array = call.endpoint().format().streamsAsArray(alt);
        ServerHttpResponse response =
                begin(exchange, call, progress, array ? MediaType.APPLICATION_JSON : MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no");
        Flux<byte[]> honest = passing.doOnComplete(() -> end(exchange, progress, Outcome.Completion.COMPLETE, null))
                .doOnCancel(() -> end(exchange, progress, Outcome.Completion.CLIENT_GONE, null))
                .onErrorResume(failure -> {
                    ApiError error = asError(failure);
                    exchange.dispose();
                    Target cutOff = exchange.attempt().target();
                    if (output instanceof ContinuedOutput going && going.goesOnAfter(error, cutOff)) {
                        return going.rest(
                                error, cutOff, !array, completion -> end(exchange, progress, completion, error));
                    }
                    end(exchange, progress, Outcome.Completion.UPSTREAM_FAILED, error);
                    return Mono.just(output.failed(error));
                });
        Flux<byte[]> kept = sent(exchange)
                .map(copy -> honest.doOnNext(copy::part).doOnComplete(copy::end))
                .orElse(honest);
        Flux<byte[]> framed = array ? asArray(honest) : alive(exchange, call, kept);
        return response.writeAndFlushWith(framed.map(bytes -> Mono.just(wrap(response, bytes))));
    }

    /** What a provider sends to keep its connection alive is not translated. */
    private Flux<byte[]> alive(AttemptExchange exchange, Call call, Flux<byte[]> events) {
        return ExchangeAttributes.find(exchange, Translation.class).isPresent()
                ? Heartbeat.in(
                        events,
                        timers,
                        streams.heartbeat(),
                        call.endpoint().format().heartbeat())
                : events;
    }

    private static Optional<SentAnswer> sent(AttemptExchange exchange) {
        return ExchangeAttributes.find(exchange, SentAnswer.class);
    }

    private Flux<byte[]> asArray(Flux<byte[]> events) {
        ArrayFraming framing = new ArrayFraming((int) limits.answer().toBytes());
        return events.map(framing::next)
                .concatWith(Mono.fromSupplier(framing::end))
                .filter(bytes -> bytes.length > 0);
    }

    /** From here on the answer is the client's: no other target may be tried. */
    private static ServerHttpResponse begin(
            AttemptExchange exchange, Call call, AnswerProgress progress, MediaType type) {
        if (!call.claimAnswer(exchange)) {
            throw new IllegalStateException("another attempt answers this call already");
        }
        exchange.contentLeaves();
        progress.claimed();
        ServerHttpResponse response = exchange.call().getResponse();
        response.getHeaders().setContentType(type);
        UpstreamRequestId.copy(answer(exchange), response.getHeaders());
        Attempt attempt = exchange.attempt();
        response.getHeaders().set("X-OmniRoute-Model", attempt.target().name());
        response.getHeaders().set("X-OmniRoute-Provider", attempt.provider().id());
        List<Loss> losses = new ArrayList<>(call.losses());
        ExchangeAttributes.find(exchange, Translation.class).ifPresent(known -> losses.addAll(known.losses()));
        ExchangeAttributes.find(exchange, Loss.class).ifPresent(losses::add);
        if (!losses.isEmpty()) {
            String warnings = written(losses);
            response.getHeaders().set("X-OmniRoute-Translation-Warnings", warnings);
            call.warned(warnings);
        }
        return response;
    }

    private static String written(List<Loss> losses) {
        return losses.stream()
                .limit(MOST_WARNINGS)
                .map(loss -> loss.code().id() + ";path=" + loss.path().replaceAll("[^A-Za-z0-9_.\\[\\]-]", "_"))
                .collect(Collectors.joining(", "));
    }

    private static void end(
            AttemptExchange exchange,
            AnswerProgress progress,
            Outcome.Completion completion,
            @Nullable ApiError error) {
        Outcome outcome = progress.end(completion, error);
        if (outcome != null) {
            ExchangeAttributes.put(exchange.call(), Outcome.class, outcome);
        }
    }

    private static UpstreamAnswer answer(AttemptExchange exchange) {
        return Objects.requireNonNull(exchange.answer(), "the head of the provider's response");
    }

    static ApiError asError(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        LOG.error("passing an answer on failed", failure);
        return ApiError.of(ErrorKind.INTERNAL, "the gateway failed while it passed the answer on");
    }

    private static DataBuffer wrap(ServerHttpResponse response, byte[] bytes) {
        return response.bufferFactory().wrap(bytes);
    }
}
