package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.inside.CallAnswer;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the answers to parts of a call, which are in its client's format.
 *
 * @param json how deep they may be
 * @param longest how many bytes they may have
 */
record PartAnswers(Call call, JsonLimits json, int longest) {

    /** What a target has said; fails if it has failed or said nothing. */
    Mono<PartCalls.Said> said(Target target, CallAnswer answer) {
        return DataBufferUtils.join(answer.body(), longest)
                .map(PartAnswers::bytes)
                .flatMap(body -> answer.status().is2xxSuccessful()
                        ? Mono.just(new PartCalls.Said(target, body, text(body)))
                        : Mono.error(failed(answer, body)))
                .filter(said -> !said.text().isBlank())
                .switchIfEmpty(Mono.error(() -> silent(target)));
    }

    /** The events of a stream; fails if it has failed, or is not complete. */
    Flux<StreamEvent> events(CallAnswer answer) {
        return answer.status().is2xxSuccessful()
                ? streamed(answer)
                : DataBufferUtils.join(answer.body(), longest)
                        .flatMapMany(error -> Flux.error(failed(answer, bytes(error))));
    }

    private Flux<StreamEvent> streamed(CallAnswer answer) {
        StreamDecoder decoder = call.codec().streamDecoder(call.head(), json);
        SseParser parser = new SseParser(longest);
        List<StreamEvent> heard = new ArrayList<>();
        Consumer<StreamEvent> hear = heard::add;
        Flux<List<StreamEvent>> read = answer.body().map(buffer -> {
            parser.feed(bytes(buffer), event -> decoder.decode(event, hear));
            return taken(heard);
        });
        Flux<List<StreamEvent>> rest = Flux.defer(() -> {
            parser.end(event -> decoder.decode(event, hear));
            decoder.end(hear);
            return decoder.complete() ? Flux.just(taken(heard)) : Flux.error(cutOffToo());
        });
        return Flux.concat(read, rest)
                .flatMapIterable(events -> events)
                .concatWith(Mono.fromSupplier(StreamEvent.End::new));
    }

    private static List<StreamEvent> taken(List<StreamEvent> heard) {
        List<StreamEvent> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    private static ApiException cutOffToo() {
        return ApiError.upstream(ErrorKind.UPSTREAM_ERROR, ErrorScope.MODEL, "the rest of the answer was cut off too")
                .exception();
    }

    private String text(byte[] body) {
        ChatAnswer.Fold fold = new ChatAnswer.Fold();
        call.codec().readAnswer(body, json, fold);
        return fold.answer().candidates().stream()
                .limit(1)
                .flatMap(candidate -> candidate.pieces().stream())
                .filter(piece -> piece.kind() == PartKind.TEXT)
                .map(ChatAnswer.Piece::text)
                .collect(Collectors.joining());
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    /** The part's own failure is the call's, as the client would have been told it. */
    private ApiException failed(CallAnswer answer, byte[] body) {
        return answer.failure()
                .orElseGet(() -> call.endpoint()
                        .format()
                        .errors()
                        .decode(answer.status().value(), answer.headers()::getFirst, body, Instant.now()))
                .exception();
    }

    /** The failure of a part that has not been answered, or with nothing. */
    static ApiException silent(Target target) {
        return ApiError.upstream(
                        ErrorKind.OVERLOADED, ErrorScope.MODEL, "\"" + target.name() + "\" has not answered its part")
                .withCode("part_failed")
                .exception();
    }
}
