package io.omniroute.filters.upstream;

import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.AttemptRequest;
import io.omniroute.translators.format.AnswerListener;
import io.omniroute.translators.format.JoinedRounds;
import io.omniroute.translators.format.TurnRecorder;
import io.omniroute.translators.json.EditedBody;
import io.omniroute.translators.model.StreamEvent;
import io.omniroute.translators.sse.SseEvent;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * The rounds of an attempt whose provider may pause its own work: what it has answered goes back to it, until it says that it has
 * ended, and the client sees one answer. Where no pause can come, events pass by. One per attempt; called by one thread at a time.
 */
final class Turns {

    private final AttemptExchange attempt;
    private final Mono<Void> send;
    private final @Nullable AttemptRequest first;
    private final @Nullable TurnRecorder recorder;
    private final @Nullable AnswerListener listener;
    private final JoinedRounds rounds;

    private Turns(AttemptExchange attempt, Mono<Void> send, @Nullable TurnRecorder recorder, int most) {
        this.listener = ExchangeAttributes.find(attempt, AttemptListener.class)
                .map(listeners -> listeners.of(attempt.attempt()))
                .orElse(null);
        this.attempt = attempt;
        this.send = send;
        this.first = attempt.toProvider();
        this.recorder = recorder;
        this.rounds = new JoinedRounds(most);
    }

    /** One answer and no more. */
    static Turns single(AttemptExchange attempt) {
        return new Turns(attempt, Mono.empty(), null, 0);
    }

    /**
     * As many as the provider makes pauses, within a bound.
     *
     * @param send sends the attempt's request and completes when the head of a good answer is there
     */
    static Turns of(AttemptExchange attempt, Mono<Void> send, TurnRecorder recorder, int most) {
        return new Turns(attempt, send, recorder, most);
    }

    void hear(SseEvent event) {
        if (listener != null) {
            listener.hear(event);
        }
        if (recorder != null) {
            recorder.hear(event);
        }
    }

    void hear(byte[] answer) {
        if (listener != null) {
            listener.hear(answer);
        }
        if (recorder != null) {
            recorder.hear(answer);
        }
    }

    void hear(StreamEvent event, Consumer<StreamEvent> sink) {
        if (recorder == null) {
            sink.accept(event);
        } else {
            recorder.hear(event);
            rounds.accept(event, sink);
        }
    }

    /** Whether the provider waits to be asked to go on. */
    boolean isPaused() {
        return rounds.isPaused();
    }

    /** What was heard is complete: nothing more is asked of the provider, unless it has paused. Idempotent. */
    void complete() {
        if (!isPaused()) {
            attempt.providerEnds();
        }
    }

    /** Asks the provider to go on; completes when the head of its next answer is there. */
    Mono<Void> goOn() {
        return Mono.defer(() -> {
            AttemptRequest request = Objects.requireNonNull(first, "what was sent to the provider");
            byte[] body = Objects.requireNonNull(recorder, "what it answered")
                    .continued(request.body().bytes());
            rounds.next();
            HttpHeaders headers = new HttpHeaders();
            headers.putAll(request.getHeaders());
            headers.setContentLength(body.length);
            headers.set("idempotency-key", headers.getFirst("idempotency-key") + "-" + rounds.round());
            attempt.send(
                    new AttemptRequest(attempt.call().getRequest(), request.getURI(), headers, EditedBody.of(body)));
            return send;
        });
    }
}
