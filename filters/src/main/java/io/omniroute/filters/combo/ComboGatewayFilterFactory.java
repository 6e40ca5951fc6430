package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Resolution;
import io.omniroute.config.Target;
import io.omniroute.filters.ExchangeAttributes;
import io.omniroute.filters.Stage;
import io.omniroute.filters.alias.ModelAliasGatewayFilterFactory;
import io.omniroute.filters.call.Call;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.format.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code - Combo}: chooses the targets of a call, and runs the rest of the chain once for each, until one answers. */
public final class ComboGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {

    private final Map<String, SelectionStrategy> strategies;
    private final TargetHealth health;
    private final RoutingStore turns;
    private final TargetStatistics statistics;
    private final KnownFacts facts;
    /** Counts the turns of combos while Redis is away. */
    private final AtomicLong ownTurns = new AtomicLong();

    /**
     * @param strategies by the name that YAML uses
     * @param health what is known from the calls before
     * @param turns counts turns
     * @param statistics how often and how fast targets answer
     * @param facts what is known of models
     */
    public ComboGatewayFilterFactory(
            Map<String, SelectionStrategy> strategies,
            TargetHealth health,
            RoutingStore turns,
            TargetStatistics statistics,
            KnownFacts facts) {
        super(Object.class);
        this.health = health;
        this.strategies = Map.copyOf(strategies);
        this.turns = turns;
        this.statistics = statistics;
        this.facts = facts;
    }

    @Override
    public GatewayFilter apply(Object config) {
        return Stage.COMBO.filter((exchange, chain) -> {
            Call call = ExchangeAttributes.require(exchange, Call.class);
            Combo combo = call.combo().orElseGet(() -> withoutAliases(call));
            SelectionStrategy strategy = strategy(combo);
            boolean choice = combo.targets().size() > 1;
            if (!choice || !strategy.takesTurns()) {
                return run(exchange, chain, call, combo, strategy, 0);
            }
            return turns.turn(combo.name())
                    .map(turn -> turn - 1)
                    .onErrorResume(away -> Mono.fromSupplier(ownTurns::getAndIncrement))
                    .flatMap(turn -> run(exchange, chain, call, combo, strategy, turn));
        });
    }

    private Mono<Void> run(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            Call call,
            Combo combo,
            SelectionStrategy strategy,
            long turn) {
        List<Target> targets =
                combo.targets().size() == 1 ? combo.targets() : strategy.order(selection(exchange, call, combo, turn));
        if (call.endpoint().operation() == Operation.COUNT_TOKENS
                && AttemptPlan.possible(call, targets).isEmpty()) {
            return TokenEstimate.answer(exchange, call);
        }
        Candidates candidates = new Candidates(AttemptPlan.of(call, combo, targets), health);
        return new ComboRun(exchange, chain, call, combo, candidates, health, statistics).start();
    }

    private Selection selection(ServerWebExchange exchange, Call call, Combo combo, long turn) {
        return new Selection(
                combo,
                combo.targets(),
                new SharedKnowledge(call.catalog(), facts, statistics),
                turn,
                Affinity.of(exchange.getRequest(), call),
                ThreadLocalRandom.current());
    }

    private SelectionStrategy strategy(Combo combo) {
        SelectionStrategy strategy = strategies.get(combo.strategy());
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + combo.strategy() + " of combo " + combo.name());
        }
        return strategy;
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

    /** The name of an error's kind in {@code fall-back-on}. */
    static String kindId(ErrorKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
