package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Outcome;
import io.omniroute.filters.call.Pin;
import io.omniroute.filters.shape.Takeover;
import io.omniroute.filters.upstream.Continuations;
import io.omniroute.redis.Defects;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorCodes;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import java.time.Duration;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** {@code - Combo}: chooses the targets of a call, and runs the rest of the chain once for each, until one answers. */
public final class ComboGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private static final Duration LONGEST_BESIDE = Duration.ofMinutes(2);

    private static final Defects DEFECTS = new Defects(ComboGatewayFilterFactory.class);

    private final TargetChooser chooser;
    private final Trying trying;
    private final Composing composing;

    /**
     * @param chooser orders the targets
     * @param trying tries them
     * @param composing lets several targets answer together
     */
    ComboGatewayFilterFactory(TargetChooser chooser, Trying trying, Composing composing) {
        super(Object.class);
        this.chooser = chooser;
        this.trying = trying;
        this.composing = composing;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.COMBO.filter((exchange, chain) -> {
            Call call = ExchangeAttributes.require(exchange, Call.class);
            Asked asked = new SentCall(exchange, call);
            Combo combo = chooser.inMode(call.combo().orElseGet(() -> withoutAliases(call)), asked.mode());
            Beforehand beforehand = chooser.beforehand(asked, combo);
            return beforehand.isNeeded()
                    ? beforehand
                            .known(Turns.Use.TAKEN)
                            .flatMap(known -> run(exchange, chain, call, asked, combo, known))
                    : run(exchange, chain, call, asked, combo, Beforehand.Known.NOTHING);
        });
    }

    private Mono<Void> run(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Asked asked,
            Combo combo,
            Beforehand.Known known) {
        known.session().ifPresent(held -> ExchangeAttributes.put(exchange, Stickiness.Held.class, held));
        Choosing choosing = chooser.choosing(asked, combo, known);
        return go(exchange, chain, call, choosing, choosing.chosen());
    }

    private Mono<Void> go(
            ServerWebExchange exchange, GatewayFilterChain chain, Call call, Choosing choosing, Chosen chosen) {
        return switch (chosen) {
            case Chosen.InOrder inOrder -> tried(exchange, chain, call, inOrder);
            case Chosen.Together together -> composed(exchange, chain, call, choosing, together);
            case Chosen.Estimated estimated -> TokenEstimate.answer(exchange, call);
            case Chosen.Refused refused -> throw refusal(exchange, call, refused);
        };
    }

    /** Is recorded with what was passed over and why, and says so in the head. */
    private ApiException refusal(ServerWebExchange exchange, Call call, Chosen.Refused refused) {
        Choice choice = refused.choice();
        ExchangeAttributes.put(exchange, Choice.class, choice);
        call.passedOver(refused.reasons());
        new FailureHeaders(exchange, call, choice.combo())
                .write(refused.refusal().error(), refused.pool(), refused.reasons(), List.of(), trying.health());
        return refused.refusal();
    }

    private Mono<Void> composed(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Choosing choosing,
            Chosen.Together together) {
        ExchangeAttributes.put(exchange, Choice.class, together.choice());
        PartCalls parts = composing.parts(exchange, call);
        ComposedFailure told = new ComposedFailure(exchange, call, together.selection(), chooser.known());
        return together.strategy()
                .compose(together.selection(), parts)
                .doOnError(ApiException.class, failure -> told.tell(failure, parts.asked()))
                .flatMap(composed -> composed instanceof ComposingStrategy.Composed.Asks asks
                        ? composed(exchange, chain, call, choosing, asks)
                                .doOnError(ApiException.class, failure -> told.tell(failure, parts, asks))
                        : composed(exchange, chain, call, choosing, composed));
    }

    private Mono<Void> composed(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Choosing choosing,
            ComposingStrategy.Composed composed) {
        return switch (composed) {
            case ComposingStrategy.Composed.Answers answers ->
                ReplayedAnswer.write(exchange, call, answers.said(), composing.json());
            case ComposingStrategy.Composed.Told told -> {
                told.takeover().ifPresent(takeover -> ExchangeAttributes.put(exchange, Takeover.class, takeover));
                yield beside(exchange, go(exchange, chain, call, choosing, choosing.inOrder()), told.beside());
            }
            case ComposingStrategy.Composed.Asks asks -> {
                Call last = composing.with(call, asks.body());
                ExchangeAttributes.put(exchange, Call.class, last);
                Choosing ofLast = choosing.asking(new SentCall(exchange, last));
                yield go(exchange, chain, last, ofLast, ofLast.among(asks.targets()));
            }
        };
    }

    /** What is done beside an answer ends with its client, but the client does not wait for it. */
    private static Mono<Void> beside(ServerWebExchange exchange, Mono<Void> answer, Mono<Void> work) {
        return Mono.deferContextual(context -> {
            Disposable running = work.timeout(LONGEST_BESIDE)
                    .contextWrite(context)
                    // a part that has failed is in the log as every call is
                    .onErrorComplete(ApiException.class)
                    .subscribe(done -> {}, DEFECTS::note);
            return answer.doOnError(failed -> running.dispose())
                    // who leaves in the middle of an answer lets it end without an error, or ends it behind its
                    // terminator
                    .doFinally(end -> {
                        if (!ExchangeAttributes.find(exchange, Outcome.class)
                                .map(Outcome::completion)
                                .filter(completion -> completion != Outcome.Completion.CLIENT_GONE)
                                .isPresent()) {
                            running.dispose();
                        }
                    });
        });
    }

    private Mono<Void> tried(ServerWebExchange exchange, GatewayFilterChain chain, Call call, Chosen.InOrder inOrder) {
        Choice choice = inOrder.choice();
        ExchangeAttributes.put(exchange, Choice.class, choice);
        if (ExchangeAttributes.find(exchange, Caller.class).isPresent()
                && ExchangeAttributes.find(exchange, Pin.class).isEmpty()
                && ContinuedAnswer.isFor(choice, call)) {
            ExchangeAttributes.put(
                    exchange,
                    Continuations.class,
                    new ContinuedAnswer(call, choice, composing.parts(exchange, call), trying.health()));
        }
        Mono<Void> run = trying.run(exchange, chain, call, inOrder);
        // many a provider speaks a format and does not count in it
        return call.isForCounting()
                ? run.onErrorResume(
                        ApiException.class,
                        failure -> cannotCount(failure) ? TokenEstimate.answer(exchange, call) : Mono.error(failure))
                : run;
    }

    private static boolean cannotCount(ApiException failure) {
        ApiError error = failure.error();
        return error.scope() == ErrorScope.MODEL
                && (error.kind() == ErrorKind.NOT_FOUND || ErrorCodes.NOT_OFFERED.equals(error.code()));
    }

    /** In a route that leaves {@code ModelAlias} out, only models and combos have names. */
    private static Combo withoutAliases(Call call) {
        return switch (call.resolution()) {
            case Resolution.Found found when !call.catalog().aliases().containsKey(call.asked()) -> found.combo();
            case Resolution.Found alias -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
            case Resolution.Ambiguous several -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
            case Resolution.Unknown unknown -> throw ModelAliasGatewayFilterFactory.unknown(call.asked());
        };
    }
}
