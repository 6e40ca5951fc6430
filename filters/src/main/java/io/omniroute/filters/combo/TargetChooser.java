package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Member;
import io.omniroute.config.Nested;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Orders the targets of combos by their strategies. Thread-safe. */
public final class TargetChooser {

    private final Map<String, SelectionStrategy> strategies;
    private final RoutingStore turns;
    private final TargetStatistics statistics;
    private final TargetFacts facts;
    private final JsonLimits json;
    private final TargetHealth health;
    private final Waits waits;
    private final Pacing pacing;
    /** Counts the turns of combos while Redis is away. */
    private final AtomicLong ownTurns = new AtomicLong();

    /**
     * @param strategies by the name that YAML uses
     * @param turns counts turns
     * @param statistics how often and how fast targets answer
     * @param facts what is known of models
     * @param json how deep the bodies of calls may be
     * @param health what is known from the calls before
     * @param waits the calls that wait for a target
     * @param pacing the paces of accounts
     */
    public TargetChooser(
            Map<String, SelectionStrategy> strategies,
            RoutingStore turns,
            TargetStatistics statistics,
            KnownFacts facts,
            JsonLimits json,
            TargetHealth health,
            Waits waits,
            Pacing pacing) {
        this.strategies = Map.copyOf(strategies);
        this.turns = turns;
        this.statistics = statistics;
        this.facts = new TargetFacts(facts);
        this.json = json;
        this.health = health;
        this.waits = waits;
        this.pacing = pacing;
    }

    TargetHealth health() {
        return health;
    }

    Waits waits() {
        return waits;
    }

    Pacing pacing() {
        return pacing;
    }

    TargetStatistics statistics() {
        return statistics;
    }

    /** Whether a choice from this combo, or from one inside it, waits for its turn. */
    boolean takesTurns(Combo combo) {
        return combo.targets().size() > 1 && takers(combo).findAny().isPresent();
    }

    /** The next turns, from 0: of the combo, and of those inside it. All are asked for at once. */
    Mono<Map<String, Long>> nextTurns(Combo combo) {
        return turnsOf(
                combo,
                name -> turns.turn(name)
                        .map(turn -> turn - 1)
                        .onErrorResume(away -> Mono.fromSupplier(ownTurns::getAndIncrement)));
    }

    /** The turns that the next call of a combo will have; takes none. */
    Mono<Map<String, Long>> comingTurns(Combo combo) {
        return takesTurns(combo)
                ? turnsOf(combo, name -> turns.turns(name).onErrorReturn(ownTurns.get()))
                : Mono.just(Map.of());
    }

    private Mono<Map<String, Long>> turnsOf(Combo combo, Function<String, Mono<Long>> turn) {
        return Flux.fromStream(() -> takers(combo).map(Combo::name).distinct())
                .flatMap(name -> turn.apply(name).map(value -> Map.entry(name, value)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Stream<Combo> takers(Combo combo) {
        return combo.all()
                .filter(one -> one.members().size() > 1 && strategy(one).takesTurns());
    }

    /**
     * The combo's targets in the order of its strategy. A combo inside it is chosen by what its own strategy puts first.
     *
     * @param affinity is asked only where a choice depends on it
     */
    List<Target> order(Combo combo, Catalog catalog, Supplier<String> affinity, Map<String, Long> turns) {
        if (combo.targets().size() == 1) {
            return combo.targets();
        }
        TargetKnowledge known = new SharedKnowledge(catalog, facts, statistics);
        boolean together = combo.all().anyMatch(one -> strategy(one).keepsTogether());
        return order(combo, known, together ? affinity.get() : "", turns);
    }

    private List<Target> order(Combo combo, TargetKnowledge known, String affinity, Map<String, Long> turns) {
        if (combo.isFlat()) {
            return order(combo, combo.targets(), known, affinity, turns);
        }
        List<Target> faces = new ArrayList<>(combo.members().size());
        Map<Target, Deque<List<Target>>> behind = new HashMap<>();
        for (Member member : combo.members()) {
            List<Target> inner = switch (member) {
                case Target target -> List.of(target);
                case Nested nested -> order(nested.combo(), known, affinity, turns);
            };
            Target face = inner.getFirst().withWeight(member.weight());
            faces.add(face);
            behind.computeIfAbsent(face, first -> new ArrayDeque<>()).add(inner);
        }
        List<Target> ordered = new ArrayList<>(combo.targets().size());
        for (Target face : order(combo, faces, known, affinity, turns)) {
            for (Target target : Objects.requireNonNull(behind.get(face)).remove()) {
                if (ordered.stream().noneMatch(target::isSameAs)) {
                    ordered.add(target);
                }
            }
        }
        return ordered;
    }

    private List<Target> order(
            Combo combo, List<Target> targets, TargetKnowledge known, String affinity, Map<String, Long> turns) {
        return targets.size() == 1
                ? targets
                : strategy(combo)
                        .order(new Selection(
                                combo,
                                targets,
                                known,
                                turns.getOrDefault(combo.name(), 0L),
                                affinity,
                                ThreadLocalRandom.current()));
    }

    /**
     * Which of the targets are fit for a call.
     *
     * @param body the call's; {@code null} where it is not known
     * @throws ApiException if none is
     */
    Fitness fitness(Combo combo, Catalog catalog, String asked, byte @Nullable [] body) {
        Fitness fitness = Fitness.of(
                combo,
                combo.targets(),
                target -> facts.of(catalog, target),
                body == null ? 0 : body.length / RequestNeeds.BYTES_OF_A_TOKEN,
                body == null ? null : () -> RequestNeeds.of(body, json));
        if (fitness.unfit().size() == combo.targets().size()) {
            throw fitness.refusal(asked);
        }
        return fitness;
    }

    /** What these attempts look like to somebody who wants to know. */
    Choice describe(Combo combo, long turn, List<Attempt> attempts, Fitness fitness) {
        return new Choice(
                combo,
                turn,
                attempts.stream().map(attempt -> candidate(attempt, fitness)).toList());
    }

    private Choice.Candidate candidate(Attempt attempt, Fitness fitness) {
        String unfit = fitness.reason(attempt.target());
        Duration rests = health.left(attempt);
        String resting = rests.isZero() ? "" : health.reason(attempt);
        return new Choice.Candidate(
                attempt.target().name(),
                attempt.connection().id(),
                rests.toMillis(),
                unfit.isEmpty() ? resting : unfit,
                !unfit.isEmpty());
    }

    private SelectionStrategy strategy(Combo combo) {
        SelectionStrategy strategy = strategies.get(combo.strategy());
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + combo.strategy() + " of combo " + combo.name());
        }
        return strategy;
    }
}
