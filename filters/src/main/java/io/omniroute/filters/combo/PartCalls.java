package io.omniroute.filters.combo;

import io.omniroute.config.Target;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.inside.CallClient;
import io.omniroute.filters.inside.WholeCall;
import io.omniroute.filters.shape.Shape;
import io.omniroute.redis.Defects;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.CarrierSeal;
import io.omniroute.translators.format.ChatCodec;
import io.omniroute.translators.format.DerivedRequest;
import io.omniroute.translators.format.Transcript;
import io.omniroute.translators.model.ChatRequest;
import io.omniroute.translators.model.StreamEvent;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The calls that are parts of one call: whole, without tools, in its client's format. Each runs through the chain like any other. */
public final class PartCalls {

    private static final Defects DEFECTS = new Defects(PartCalls.class);
    private static final String VERSION = "/v1";
    private static final int NOTED_TURNS = 30;
    private static final int NOTED = 32_000;
    private static final int LONGEST_NOTE = 2_000;
    private static final String NOTE =
            "Another assistant is going to take over the conversation below. Write down for it, in at most 300"
                    + " words: what it is about, what was decided, what is done, what is still to do, and the names and places that matter."
                    + " Write nothing else.\n\n";

    private final CallClient client;
    private final WholeCall whole;
    private final PartAnswers answers;
    private final HandoffNotes notes;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /**
     * @param answers reads what comes back
     * @param notes keeps what is told to whoever takes the conversation over
     */
    PartCalls(CallClient client, WholeCall whole, PartAnswers answers, HandoffNotes notes) {
        this.client = client;
        this.whole = whole;
        this.answers = answers;
        this.notes = notes;
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
            byte[] body = DerivedRequest.child(codec(), call().body(), target.name(), turn);
            asked.add(target.counted());
            return answered(whole, target, body).onErrorMap(failure -> !(failure instanceof ApiException), failure -> {
                DEFECTS.note(failure);
                return PartAnswers.silent(target);
            });
        });
    }

    private Mono<Said> answered(WholeCall of, Target target, byte[] body) {
        return client.part(of, target, path(target, false), body).flatMap(answer -> answers.said(target, answer));
    }

    private String path(Target target, boolean stream) {
        return VERSION + call().codec().path(target.name(), stream);
    }

    /** Keeps what is noted for whoever takes the conversation over. */
    HandoffNotes notes() {
        return notes;
    }

    /** Has a target write down what the conversation is about. */
    Mono<String> summary(Target target) {
        return Mono.defer(() -> {
            ChatRequest conversation = codec().decode(call().body(), call().endpoint(), CarrierSeal.NONE);
            byte[] body = DerivedRequest.about(
                    codec(), call().body(), target.name(), NOTE + Transcript.of(conversation, NOTED_TURNS, NOTED));
            return answered(whole.with(Shape.NONE), target, body)
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
            byte[] body = DerivedRequest.continuing(codec(), call().body(), target.name(), said);
            return client.part(whole, target, path(target, true), body).flatMapMany(answers::events);
        });
    }

    /** The call's own request with a further turn of the user's. */
    byte[] asking(String turn) {
        return DerivedRequest.asking(codec(), call().body(), turn);
    }

    private Call call() {
        return whole.call();
    }

    private ChatCodec codec() {
        return call().endpoint().format().chat();
    }
}
