package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.inside.CallAnswer;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.filters.shape.Shape;
import io.omniroute.redis.conversation.ConversationStore;
import io.omniroute.redis.conversation.Handoff;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.DerivedRequest;
import io.omniroute.translators.format.StreamDecoder;
import io.omniroute.translators.format.Transcript;
import io.omniroute.translators.json.JsonLimits;
import io.omniroute.translators.model.ChatAnswer;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.PartKind;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The calls that are parts of one call: whole, without tools, in its client's format. Each runs through the chain like any other. */
public final class PartCalls {

    private static final String VERSION = "/v1";
    private static final int NOTED_TURNS = 30;
    private static final int NOTED = 32_000;
    private static final int LONGEST_NOTE = 2_000;
    private static final String NOTE =
            "Another assistant is going to take over the conversation below. Write down for it, in at most 300"
                    + " words: what it is about, what was decided, what is done, what is still to do, and the names and places that matter."
                    + " Write nothing else.\n\n";

    private final CallClient client;
    private final Caller caller;
    private final Call call;
    private final HttpHeaders passed;
    private final Shape shape;
    private final Optional<Route> route;
    private final Optional<String> session;
    private final ConversationStore conversations;
    private final JsonLimits json;
    private final int longest;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /**
     * @param passed what the client asks of every part, too
     * @param shape what is changed of every part, as of the call
     * @param route that of the call
     * @param session what the client calls the conversation
     * @param conversations keeps what is told to whoever takes one over
     * @param longest the largest answer in bytes
     */
    PartCalls(
            CallClient client,
            Caller caller,
            Call call,
            HttpHeaders passed,
            Shape shape,
            Optional<Route> route,
            Optional<String> session,
            ConversationStore conversations,
            JsonLimits json,
            int longest) {
        this.passed = passed;
        this.shape = shape;
        this.route = route;
        this.session = session;
        this.conversations = conversations;
        this.client = client;
        this.caller = caller;
        this.call = call;
        this.json = json;
        this.longest = longest;
    }

    /**
     * What a target has said.
     *
     * @param body its answer, in the client's format
     * @param text the words of it
     */
    public record Said(Target target, byte[] body, String text) {}

    /** Who was asked, in that order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /**
     * Asks a target.
     *
     * @param turn what the user says after the conversation; nothing if empty
     * @return fails if it does not answer, or says nothing
     */
    Mono<Said> ask(Target target, String turn) {
        return Mono.defer(() -> {
            byte[] body = DerivedRequest.child(codec(), call.body(), target.name(), turn);
            asked.add(target.counted());
            return answered(target, body, shape)
                    .onErrorMap(failure -> !(failure instanceof ApiException), failure -> silent(target));
        });
    }

    private Mono<Said> answered(Target target, byte[] body, Shape shaped) {
        String path = VERSION + call.codec().path(target.name(), false);
        return client.part(caller, path, passed, body, call, target, shaped, route)
                .flatMap(answer -> read(target, answer));
    }

    private String combo() {
        return call.combo().map(Combo::name).orElse("");
    }

    /** Whether the client names the conversation. */
    boolean hasSession() {
        return session.isPresent();
    }

    /** What somebody has noted for whoever takes the conversation over; empty if nobody has, or Redis is away. */
    Mono<Handoff> handoff() {
        return Mono.justOrEmpty(session)
                .flatMap(name -> conversations.handoff(caller.key(), combo(), name))
                .onErrorResume(away -> Mono.empty());
    }

    /**
     * Has a target write down what the conversation is about, and keeps it for whoever takes the conversation over; one call of all does, for
     * each is paid for.
     */
    Mono<Void> note(Target writer, Function<String, Handoff> handoff) {
        return Mono.justOrEmpty(session)
                .flatMap(name -> conversations
                        .mayWriteHandoff(caller.key(), combo(), name)
                        .onErrorReturn(false)
                        .filter(may -> may)
                        .flatMap(may -> summary(writer)
                                .flatMap(summary -> keep(handoff.apply(summary)).thenReturn(true))
                                .switchIfEmpty(Mono.defer(() -> ended(name).thenReturn(false)))
                                .onErrorResume(failure -> ended(name).then(Mono.error(failure)))))
                .then();
    }

    private Mono<Void> ended(String name) {
        return conversations.endHandoffWriting(caller.key(), combo(), name).onErrorComplete();
    }

    /** Keeps a note for whoever takes the conversation over. */
    private Mono<Void> keep(Handoff handoff) {
        return Mono.justOrEmpty(session)
                .flatMap(name -> conversations.keepHandoff(caller.key(), combo(), name, handoff));
    }

    /** Has a target write down what the conversation is about. */
    Mono<String> summary(Target target) {
        return Mono.defer(() -> {
            ChatRequest conversation = codec().decode(call.body(), call.endpoint(), CarrierSeal.NONE);
            byte[] body = DerivedRequest.about(
                    codec(), call.body(), target.name(), NOTE + Transcript.of(conversation, NOTED_TURNS, NOTED));
            return answered(target, body, Shape.NONE)
                    .map(said -> said.text()
                            .substring(0, Math.min(LONGEST_NOTE, said.text().length())));
        });
    }

    /**
     * Has a target go on with an answer that was cut off.
     *
     * @param said the answer so far
     * @return the events of what it makes of the rest; fails if it does not answer, or is cut off too
     */
    Flux<StreamEvent> goOn(Target target, String said) {
        return Flux.defer(() -> {
            byte[] body = DerivedRequest.continuing(codec(), call.body(), target.name(), said);
            String path = VERSION + call.codec().path(target.name(), true);
            return client.part(caller, path, passed, body, call, target, shape, route)
                    .flatMapMany(answer -> answer.status().is2xxSuccessful()
                            ? events(answer)
                            : DataBufferUtils.join(answer.body(), longest)
                                    .flatMapMany(error -> Flux.error(failed(answer, bytes(error)))));
        });
    }

    private Flux<StreamEvent> events(CallAnswer answer) {
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

    /** The call's own request with a further turn of the user's. */
    byte[] asking(String turn) {
        return DerivedRequest.asking(codec(), call.body(), turn);
    }

    private ChatCodec codec() {
        return call.endpoint().format().chat();
    }

    private Mono<Said> read(Target target, CallAnswer answer) {
        return DataBufferUtils.join(answer.body(), longest)
                .map(PartCalls::bytes)
                .flatMap(body -> answer.status().is2xxSuccessful()
                        ? Mono.just(new Said(target, body, text(body)))
                        : Mono.error(failed(answer, body)))
                .filter(said -> !said.text().isBlank())
                .switchIfEmpty(Mono.error(() -> silent(target)));
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

    private static RuntimeException silent(Target target) {
        return ApiError.upstream(
                        ErrorKind.OVERLOADED, ErrorScope.MODEL, "\"" + target.name() + "\" has not answered its part")
                .withCode("part_failed")
                .exception();
    }
}
