package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.TargetStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Orders the targets of combos by their strategies. Thread-safe. */
public final class TargetChooser {

    private final Map<String, SelectionStrategy> strategies;
    private final RoutingStore turns;
    private final TargetStatistics statistics;
    private final KnownFacts facts;
    private final TargetHealth health;
    /** Counts the turns of combos while Redis is away. */
    private final AtomicLong ownTurns = new AtomicLong();

    /**
     * @param strategies by the name that YAML uses
     * @param turns counts turns
     * @param statistics how often and how fast targets answer
     * @param facts what is known of models
     * @param health what is known from the calls before
     */
    public TargetChooser(
            Map<String, SelectionStrategy> strategies,
            RoutingStore turns,
            TargetStatistics statistics,
            KnownFacts facts,
            TargetHealth health) {
        this.strategies = Map.copyOf(strategies);
        this.turns = turns;
        this.statistics = statistics;
        this.facts = facts;
        this.health = health;
    }

    TargetHealth health() {
        return health;
    }

    TargetStatistics statistics() {
        return statistics;
    }

    /** Whether a choice from this combo waits for its turn. */
    boolean takesTurns(Combo combo) {
        return combo.targets().size() > 1 && strategy(combo).takesTurns();
    }

    /** The next turn of a combo, from 0. */
    Mono<Long> nextTurn(Combo combo) {
        return turns.turn(combo.name())
                .map(turn -> turn - 1)
                .onErrorResume(away -> Mono.fromSupplier(ownTurns::getAndIncrement));
    }

    /** The turn that the next call of a combo will have; takes none. */
    Mono<Long> comingTurn(Combo combo) {
        return takesTurns(combo) ? turns.turns(combo.name()).onErrorReturn(ownTurns.get()) : Mono.just(0L);
    }

    /**
     * The combo's targets in the order of its strategy.
     *
     * @param affinity is asked only where there is something to choose
     */
    List<Target> order(Combo combo, Catalog catalog, Supplier<String> affinity, long turn) {
        return combo.targets().size() == 1
                ? combo.targets()
                : strategy(combo)
                        .order(new Selection(
                                combo,
                                combo.targets(),
                                new SharedKnowledge(catalog, facts, statistics),
                                turn,
                                affinity.get(),
                                ThreadLocalRandom.current()));
    }

    /** What these attempts look like to somebody who wants to know. */
    Choice describe(Combo combo, long turn, List<Attempt> attempts) {
        return new Choice(
                combo,
                turn,
                attempts.stream()
                        .map(attempt -> {
                            Duration rests = health.left(attempt);
                            return new Choice.Candidate(
                                    attempt.target().name(),
                                    attempt.connection().id(),
                                    rests.toMillis(),
                                    rests.isZero() ? "" : health.reason(attempt));
                        })
                        .toList());
    }

    private SelectionStrategy strategy(Combo combo) {
        SelectionStrategy strategy = strategies.get(combo.strategy());
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + combo.strategy() + " of combo " + combo.name());
        }
        return strategy;
    }
}
