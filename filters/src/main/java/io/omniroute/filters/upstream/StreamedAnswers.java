package io.omniroute.filters.upstream;

import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Timers;
import io.omniroute.filters.call.AnswerHeader;
import io.omniroute.filters.call.BodyMemory;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.LimitsProperties;
import io.omniroute.filters.call.Outcome;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.Translation;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.sse.ArrayFraming;
import io.omniroute.translators.sse.SseParser;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Brings streams to the client as they come; the client's head leaves with the first content. */
final class StreamedAnswers {

    private static final Duration BETWEEN_WRITES = Duration.ofMillis(30);

    /** Each may be written with spaces and defaults that the client has left out. */
    private static final int ECHOES = 4;

    private final LimitsProperties limits;
    private final JsonLimits json;
    private final StreamProperties streams;
    private final Timers timers;
    private final BodyMemory memory;

    /** @param memory is taken by what is held until the first content */
    StreamedAnswers(
            LimitsProperties limits, JsonLimits json, StreamProperties streams, Timers timers, BodyMemory memory) {
        this.memory = memory;
        this.limits = limits;
        this.json = json;
        this.streams = streams;
        this.timers = timers;
    }

    Mono<Void> bring(Answering answering) {
        return Mono.using(memory::share, share -> bring(answering, share), BodyMemory.Share::close);
    }

    private Mono<Void> bring(Answering answering, BodyMemory.Share share) {
        StreamOutput output = output(answering);
        StreamRelay relay = new StreamRelay(
                () -> decoder(answering),
                parser(),
                answering.turns(),
                answering.progress(),
                mostHeld(answering.call()),
                limits.answer().toBytes(),
                share,
                output);
        return round(answering, relay, share)
                .onErrorMap(UpstreamBody::connectionFailure)
                .filter(bytes -> bytes.length > 0)
                .doOnCancel(answering::left)
                .switchOnFirst((first, passing) -> first.hasValue()
                        ? write(answering, output, passing)
                        : passing.<Void>handle((bytes, sink) -> {}))
                .then();
    }

    /** Responses begin with two events that each have all of the request's tools and instructions in them. */
    private int mostHeld(Call call) {
        long held = limits.heldStream().toBytes();
        long echoed = held + (long) ECHOES * call.body().length;
        // no more than a whole answer may have
        return (int) Math.max(held, Math.min(echoed, limits.answer().toBytes()));
    }

    /** Reads one of the provider's streams, and the next if it pauses. */
    private Flux<byte[]> round(Answering answering, StreamRelay relay, BodyMemory.Share share) {
        boolean whole = UpstreamBody.isJson(answering.answer());
        if (!whole) {
            UpstreamBody.requireType(answering.answer(), MediaType.TEXT_EVENT_STREAM);
        }
        Flux<byte[]> passed = whole
                ? whole(answering, relay, share)
                : new UpstreamReads(answering.exchange(), answering.deadlines())
                        .<byte[]>handle(relay::read)
                        .onErrorResume(UpstreamBody::isCut, cut -> relay.isComplete() ? Mono.empty() : Mono.error(cut));
        Flux<byte[]> then = Flux.defer(() -> {
            if (!answering.turns().isPaused()) {
                return whole ? Flux.empty() : Flux.generate(relay::end);
            }
            relay.next(parser());
            return answering.goOn().thenMany(Flux.defer(() -> round(answering, relay, share)));
        });
        return Flux.concat(passed, then);
    }

    /** Some providers do not stream with all of their models, and nobody streams an error, although its status may be 200. */
    private Flux<byte[]> whole(Answering answering, StreamRelay relay, BodyMemory.Share share) {
        return UpstreamBody.whole(
                        new UpstreamReads(answering.exchange(), answering.deadlines()),
                        share,
                        limits.answer().toBytes())
                .<byte[]>handle((body, sink) -> relay.whole(
                        body,
                        heard -> answering
                                .exchange()
                                .attempt()
                                .codec()
                                .readAnswer(body, json, event -> heard.accept(WholeAnswers.of(answering, event))),
                        sink))
                .flux();
    }

    private StreamDecoder decoder(Answering answering) {
        return answering
                .exchange()
                .attempt()
                .codec()
                .streamDecoder(answering.call().head(), json);
    }

    private SseParser parser() {
        return new SseParser((int) limits.sseEvent().toBytes());
    }

    private static StreamOutput output(Answering answering) {
        Optional<Translation> translation = answering.translation();
        if (translation.isEmpty()) {
            if (UpstreamBody.isJson(answering.answer())) {
                return retold(answering);
            }
            return new PassedOutput(
                    !answering.call().head().usageAsked(),
                    answering.exchange().attempt().format(),
                    answering.call().head().model());
        }
        TranslatedOutput translated = new TranslatedOutput(
                translation.get(), translation.get().client().streamEncoder(answering.context(translation.get())));
        return ExchangeAttributes.find(answering.exchange(), Continuations.class)
                .<StreamOutput>map(others -> new ContinuedOutput(translated, others))
                .orElse(translated);
    }

    private static StreamOutput retold(Answering answering) {
        Call call = answering.call();
        String model = answering.exchange().attempt().target().name();
        boolean recorded = ExchangeAttributes.find(answering.exchange(), AttemptListener.class)
                .isPresent();
        return new RetoldOutput(
                () -> {
                    if (recorded) {
                        // what its provider keeps is asked for later by the provider's own names
                        throw UpstreamBody.notStreamed();
                    }
                    return call.streamEncoder(model);
                },
                call.endpoint().format());
    }

    private Mono<Void> write(Answering answering, StreamOutput output, Flux<byte[]> passing) {
        String alt = answering.exchange().call().getRequest().getQueryParams().getFirst("alt");
        boolean array = answering.call().endpoint().format().streamsAsArray(alt);
        boolean mayComment = !array && answering.call().endpoint().format().takesComments();
        ServerHttpResponse response = answering.begin(array ? MediaType.APPLICATION_JSON : MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
        response.getHeaders().set("X-Accel-Buffering", "no");
        if (output instanceof ContinuedOutput) {
            AnswerHeader.CONTINUATION.set(response.getHeaders(), "allowed");
        }
        Flux<byte[]> honest = passing.doOnComplete(() -> answering.end(Outcome.Completion.COMPLETE, null))
                .onErrorResume(CancellationException.class, left -> {
                    // the client has left while something was written
                    answering.exchange().dispose();
                    answering.left();
                    return Mono.empty();
                })
                .onErrorResume(failure -> {
                    ApiError error = Answering.asError(failure);
                    answering.exchange().dispose();
                    Target cutOff = answering.exchange().attempt().target();
                    if (output instanceof ContinuedOutput going && going.goesOnAfter(error, cutOff)) {
                        return going.rest(error, cutOff, mayComment, completion -> answering.end(completion, error));
                    }
                    answering.end(Outcome.Completion.UPSTREAM_FAILED, error);
                    return apart(output.failed(error));
                });
        Flux<byte[]> kept = answering
                .sent()
                .map(copy -> honest.doOnNext(copy::part).doOnComplete(copy::end))
                .orElse(honest);
        Flux<byte[]> framed = array ? asArray(honest) : alive(answering, kept);
        return EventWriter.write(response, framed);
    }

    /** Writes that clients are to read one by one, which takes a moment between them. */
    static Flux<byte[]> apart(List<byte[]> writes) {
        return Flux.concat(
                Mono.just(writes.getFirst()),
                Flux.fromIterable(writes.subList(1, writes.size())).delayElements(BETWEEN_WRITES));
    }

    /** What a provider sends to keep its connection alive is not translated. */
    private Flux<byte[]> alive(Answering answering, Flux<byte[]> events) {
        return answering.translation().isPresent()
                ? Heartbeat.in(
                        events,
                        timers,
                        streams.heartbeat(),
                        answering.call().endpoint().format().heartbeat())
                : events;
    }

    private Flux<byte[]> asArray(Flux<byte[]> events) {
        ArrayFraming framing = new ArrayFraming((int) limits.answer().toBytes());
        return events.map(framing::next)
                .concatWith(Mono.fromSupplier(framing::end))
                .filter(bytes -> bytes.length > 0);
    }
}
