package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.auth.Caller;
import io.omniroute.filters.call.Call;
import io.omniroute.filters.call.Pin;
import io.omniroute.filters.shape.Takeover;
import io.omniroute.filters.upstream.Continuations;
import io.omniroute.filters.upstream.Outcome;
import io.omniroute.redis.conversation.Tenants;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.format.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** {@code - Combo}: chooses the targets of a call, and runs the rest of the chain once for each, until one answers. */
public final class ComboGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    /** From how many targets on a list of them is more than a call's record should keep. */
    private static final int MANY = 100;

    private static final Duration LONGEST_BESIDE = Duration.ofMinutes(2);

    private final TargetChooser chooser;
    private final Composing composing;
    private final int mostAttempts;

    /**
     * @param chooser orders the targets
     * @param composing lets several targets answer together
     * @param mostAttempts how many attempts a call may make
     */
    public ComboGatewayFilterFactory(TargetChooser chooser, Composing composing, int mostAttempts) {
        super(Object.class);
        this.mostAttempts = mostAttempts;
        this.chooser = chooser;
        this.composing = composing;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.COMBO.filter((exchange, chain) -> {
            Call call = ExchangeAttributes.require(exchange, Call.class);
            Combo combo = chooser.inMode(
                    call.combo().orElseGet(() -> withoutAliases(call)),
                    exchange.getRequest().getHeaders().getFirst(TargetChooser.MODE));
            // who only counts takes nobody's turn
            boolean session = chooser.stickiness().mayHold(call.catalog(), combo);
            boolean turns = !call.isForCounting() && chooser.turns().areTaken(combo, call.catalog());
            if (!turns && !session) {
                return run(exchange, chain, call, combo, Map.of());
            }
            // both are asked for at once: a choice waits for Redis once at most
            return Mono.zip(
                            session ? session(exchange, call, combo) : Mono.just(Optional.<Stickiness.Held>empty()),
                            turns
                                    ? turns(session && isHeld(exchange, call, combo), combo, call)
                                    : Mono.just(Map.<String, Long>of()))
                    .flatMap(known -> {
                        known.getT1().ifPresent(held -> ExchangeAttributes.put(exchange, Stickiness.Held.class, held));
                        return run(exchange, chain, call, combo, known.getT2());
                    });
        });
    }

    private Mono<Optional<Stickiness.Held>> session(ServerWebExchange exchange, Call call, Combo combo) {
        return chooser.stickiness()
                .of(call.catalog(), combo, team(exchange), Session.given(exchange.getRequest(), call));
    }

    private Mono<Map<String, Long>> turns(boolean stays, Combo combo, Call call) {
        return stays
                ? Mono.just(chooser.turns().here(combo, call.catalog()))
                : chooser.turns().next(combo, call.catalog());
    }

    private boolean isHeld(ServerWebExchange exchange, Call call, Combo combo) {
        return chooser.stickiness()
                .knows(call.catalog(), combo, team(exchange), Session.given(exchange.getRequest(), call));
    }

    private static String team(ServerWebExchange exchange) {
        return ExchangeAttributes.find(exchange, Caller.class)
                .map(caller -> Tenants.of(caller.key()))
                .orElse("");
    }

    private Mono<Void> run(
            ServerWebExchange exchange, GatewayFilterChain chain, Call call, Combo combo, Map<String, Long> turns) {
        TargetOrder.Basis basis =
                chooser.basis(call.catalog(), () -> Session.affinity(exchange.getRequest(), call), call.body(), turns);
        Optional<ComposingStrategy> together = composing
                .of(chooser.strategy(combo), combo, call)
                .filter(strategy ->
                        ExchangeAttributes.find(exchange, Caller.class).isPresent());
        if (together.isPresent()) {
            Selection selection = fit(exchange, together.get(), combo, call, basis);
            if (selection.targets().size() > 1) {
                PartCalls parts = composing.parts(exchange, call);
                describe(exchange, call, combo, basis, combo.targets());
                ComposedFailure told = new ComposedFailure(exchange, call, selection, chooser);
                return together.get()
                        .compose(selection, parts)
                        .doOnError(ApiException.class, failure -> told.tell(failure, parts.asked()))
                        .flatMap(composed -> composed instanceof ComposingStrategy.Composed.Asks asks
                                ? composed(exchange, chain, call, combo, basis, asks)
                                        .doOnError(ApiException.class, failure -> told.tell(failure, parts, asks))
                                : composed(exchange, chain, call, combo, basis, composed));
            }
        }
        return tried(exchange, chain, call, combo, basis, chooser.order().of(combo, basis));
    }

    /** What is not fit for the call takes no part in it, and nor does what rests where others do the same. */
    private Selection fit(
            ServerWebExchange exchange, ComposingStrategy strategy, Combo combo, Call call, TargetOrder.Basis basis) {
        Fitness known = chooser.fitness(combo, call.catalog(), call.body(), combo::targets);
        // who cannot be spared is told to follow a schema where it does not by itself
        Fitness fitness = strategy.needsAll() ? known.translated() : known;
        Selection selection = chooser.order().selection(combo, basis, fitness::takes);
        List<Target> fit = selection.targets().stream().filter(fitness::takes).toList();
        boolean lacksOne =
                strategy.needsAll() && fit.size() < selection.targets().size();
        if (lacksOne || fit.isEmpty()) {
            Choice choice = describe(exchange, call, selection.combo(), basis, selection.targets());
            throw new ComboRefusals(exchange, call, selection.combo(), chooser).unfit(choice.attempts(), fitness);
        }
        List<Target> working = fit.stream()
                .filter(target -> selection.known().health(target) > 0)
                .toList();
        return selection.with(strategy.canSpare() && !working.isEmpty() ? working : fit);
    }

    private Mono<Void> composed(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Combo combo,
            TargetOrder.Basis basis,
            ComposingStrategy.Composed composed) {
        return switch (composed) {
            case ComposingStrategy.Composed.Answers answers ->
                ReplayedAnswer.write(exchange, call, answers.said(), composing.json());
            case ComposingStrategy.Composed.Told told -> {
                told.takeover().ifPresent(takeover -> ExchangeAttributes.put(exchange, Takeover.class, takeover));
                yield beside(
                        exchange,
                        tried(
                                exchange,
                                chain,
                                call,
                                combo,
                                basis,
                                chooser.order().of(combo, basis)),
                        told.beside());
            }
            case ComposingStrategy.Composed.Asks asks -> {
                Call last = composing.with(call, asks.body());
                ExchangeAttributes.put(exchange, Call.class, last);
                yield tried(exchange, chain, last, combo, basis, asks.targets());
            }
        };
    }

    /** What is done beside an answer ends with its client, but the client does not wait for it. */
    private static Mono<Void> beside(ServerWebExchange exchange, Mono<Void> answer, Mono<Void> work) {
        return Mono.deferContextual(context -> {
            Disposable running =
                    work.timeout(LONGEST_BESIDE).contextWrite(context).subscribe(done -> {}, failed -> {});
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

    private Mono<Void> tried(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Combo combo,
            TargetOrder.Basis basis,
            List<Target> targets) {
        UnaryOperator<List<Attempt>> accounts = attempts -> chooser.order().accounts(combo, attempts, basis);
        if (call.isForCounting()
                && chooser.plan()
                        .possible(call.catalog(), call.endpoint(), call.head().wantsThoughts(), targets, accounts)
                        .isEmpty()) {
            return TokenEstimate.answer(exchange, call);
        }
        List<Attempt> possible = chooser.plan()
                .possible(call.catalog(), call.endpoint(), call.head().wantsThoughts(), targets, accounts);
        Supplier<List<Missing>> missing = missing(call, combo, targets);
        ComboRefusals refusals = new ComboRefusals(exchange, call, combo, chooser);
        if (possible.isEmpty()) {
            throw refusals.nothing(
                    basis,
                    missing.get(),
                    AttemptPlan.nothingToTry(call.catalog(), call.endpoint(), targets, combo, call.asked()));
        }
        Tags tags = Tags.of(exchange.getRequest());
        List<Attempt> tagged = tags.filter(possible);
        if (tagged.isEmpty()) {
            throw refusals.none(basis, possible, Missing.UNTAGGED, missing, tags.refusal());
        }
        Pin pin = ExchangeAttributes.find(exchange, Pin.class).orElse(null);
        List<Attempt> ordered = pinned(pin, call, tagged);
        if (pin != null && ordered.isEmpty()) {
            throw refusals.none(
                    basis, tagged, Missing.KEPT_ELSEWHERE, missing, ComboRefusals.keptElsewhere(pin, call.asked()));
        }
        List<Attempt> attempts = ExchangeAttributes.find(exchange, Stickiness.Held.class)
                .map(held -> chooser.stickiness().first(combo, ordered, held))
                .orElse(ordered);
        Fitness fitness = chooser.fitness(combo, call.catalog(), call.body(), () -> Attempt.targets(attempts));
        Choice choice = chooser.describe(combo, basis, attempts, fitness, missing);
        ExchangeAttributes.put(exchange, Choice.class, choice);
        if (attempts.stream()
                .noneMatch(attempt -> fitness.reason(attempt.target()).isEmpty())) {
            throw refusals.unfit(attempts, fitness);
        }
        if (ExchangeAttributes.find(exchange, Caller.class).isPresent()
                && ExchangeAttributes.find(exchange, Pin.class).isEmpty()
                && ContinuedAnswer.isFor(choice, call)) {
            ExchangeAttributes.put(
                    exchange,
                    Continuations.class,
                    new ContinuedAnswer(call, choice, composing.parts(exchange, call), chooser.health()));
        }
        Mono<Void> run = new ComboRun(exchange, chain, call, choice, fitness, chooser, mostAttempts).start();
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
                && (error.kind() == ErrorKind.NOT_FOUND || "not_offered".equals(error.code()));
    }

    /** Is kept with the record of the decision, for which the call's body must not wait. */
    private Supplier<List<Missing>> missing(Call call, Combo combo, List<Target> targets) {
        Catalog catalog = call.catalog();
        Endpoint endpoint = call.endpoint();
        // nor must an order of very many, which the combo itself has, too
        List<Target> kept =
                targets.size() > MANY && targets.size() == combo.targets().size() ? combo.targets() : targets;
        return () -> chooser.plan().missing(catalog, endpoint, kept);
    }

    /** What an account keeps, only that account can be told, and in the words in which it has named it. */
    private static List<Attempt> pinned(@Nullable Pin pin, Call call, List<Attempt> attempts) {
        return pin == null
                ? attempts
                : attempts.stream()
                        .filter(attempt -> attempt.provider().id().equals(pin.provider())
                                && attempt.connection().id().equals(pin.connection())
                                && attempt.format() == call.endpoint().format())
                        .toList();
    }

    /** Notes what several may answer together. */
    private Choice describe(
            ServerWebExchange exchange, Call call, Combo combo, TargetOrder.Basis basis, List<Target> targets) {
        List<Attempt> possible = chooser.plan()
                .possible(
                        call.catalog(),
                        call.endpoint(),
                        call.head().wantsThoughts(),
                        targets,
                        attempts -> chooser.order().accounts(combo, attempts, basis));
        Choice choice = chooser.describe(
                combo,
                basis,
                possible,
                chooser.fitness(combo, call.catalog(), call.body(), () -> Attempt.targets(possible)),
                missing(call, combo, targets));
        ExchangeAttributes.put(exchange, Choice.class, choice);
        return choice;
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
