package io.omniroute.filters.upstream;

import io.netty.buffer.ByteBuf;
import io.omniroute.config.Deadlines;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.Timers;
import io.omniroute.filters.admit.Drain;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.AttemptExchange;
import io.omniroute.filters.attempt.UpstreamAnswer;
import io.omniroute.filters.call.Call;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Translation;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the provider's response from the gateway and makes the client's of it. Until the first content has left, every
 * failure is an {@link ApiException} that {@code Combo} may answer with another target.
 */
public final class TranslateResponseFilter implements GlobalFilter, Ordered {

    private final StreamedAnswers streamed;
    private final WholeAnswers whole;
    private final DataSize errorBody;
    private final InstantSource clock;
    private final Drain drain;
    private final Timers timers;
    private final int continuations;

    /**
     * @param errorBody how much is read of an error at most
     * @param continuations how often a provider that pauses is asked to go on
     */
    TranslateResponseFilter(
            StreamedAnswers streamed,
            WholeAnswers whole,
            DataSize errorBody,
            InstantSource clock,
            Drain drain,
            Timers timers,
            int continuations) {
        this.streamed = streamed;
        this.whole = whole;
        this.errorBody = errorBody;
        this.continuations = continuations;
        this.clock = clock;
        this.drain = drain;
        this.timers = timers;
    }

    @Override
    public int getOrder() {
        return Stage.TRANSLATE_RESPONSE.order();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!(exchange instanceof AttemptExchange attempt)) {
            return chain.filter(exchange);
        }
        Call call = ExchangeAttributes.require(attempt, Call.class);
        AnswerProgress progress = new AnswerProgress(call, attempt, System.nanoTime());
        AnswerDeadlines deadlines = deadlines(attempt, call, progress);
        Mono<Void> send = Mono.firstWithSignal(chain.filter(attempt), deadlines.missed())
                .then(Mono.defer(() -> head(attempt, deadlines)));
        return send.then(Mono.defer(() -> {
            Answering answering = new Answering(attempt, call, progress, deadlines, turns(attempt, send));
            return call.stream() ? streamed.bring(answering) : whole.bring(answering);
        }));
    }

    /** Completes if the answer is a good one. */
    private Mono<Void> head(AttemptExchange attempt, AnswerDeadlines deadlines) {
        UpstreamAnswer answer = attempt.answer();
        if (answer == null) {
            return Mono.error(new IllegalStateException("the gateway has no response of the provider"));
        }
        deadlines.touch();
        return answer.status() < 200 || answer.status() > 299
                ? failure(attempt.attempt(), answer, attempt.body())
                : Mono.empty();
    }

    /** Clients whose format has no pauses never see one. */
    private Turns turns(AttemptExchange attempt, Mono<Void> send) {
        return ExchangeAttributes.find(attempt, Translation.class).isPresent()
                ? attempt.attempt()
                        .format()
                        .turnRecorder()
                        .map(recorder -> Turns.of(attempt, send, recorder, continuations))
                        .orElseGet(() -> Turns.single(attempt))
                : Turns.single(attempt);
    }

    private Mono<Void> failure(Attempt attempt, UpstreamAnswer answer, Flux<ByteBuf> body) {
        return UpstreamBody.ofError(body, attempt.deadlines(), errorBody.toBytes())
                .flatMap(bytes -> Mono.error(attempt.format()
                        .errors()
                        .decode(answer.status(), answer::header, bytes, clock.instant())
                        .exception()));
    }

    private AnswerDeadlines deadlines(AttemptExchange attempt, Call call, AnswerProgress progress) {
        Deadlines deadlines = attempt.attempt().deadlines();
        return new AnswerDeadlines(
                timers,
                drain,
                deadlines,
                progress,
                bounds(deadlines, call),
                bounds(attempt.attempt().provider().deadlines(), call),
                call.stream() ? "content" : "whole answer",
                attempt);
    }

    /** A stream's first content cannot come before its head, so its deadline holds for the head too. */
    private static AnswerDeadlines.Bounds bounds(Deadlines deadlines, Call call) {
        Duration head = deadlines.responseHeaders();
        Duration content =
                call.stream() ? deadlines.firstContentFor(call.body().length) : head.plus(deadlines.stream());
        return new AnswerDeadlines.Bounds(content.compareTo(head) < 0 ? content : head, content, deadlines.idle());
    }
}
