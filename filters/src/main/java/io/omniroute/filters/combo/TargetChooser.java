package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Connection;
import io.omniroute.config.Demands;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Member;
import io.omniroute.config.Nested;
import io.omniroute.config.Patience;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Orders the targets of combos by their strategies. Thread-safe. */
public final class TargetChooser {

    /** The strategies that leave accounts in the order of their priorities. */
    private static final Set<String> FIRST_COME = Set.of("fill-first", Combo.PRIORITY, "cost-optimized");

    private final Map<String, SelectionStrategy> strategies;
    private final RoutingStore turns;
    private final TargetStatistics statistics;
    private final AccountQuotas quotas;
    private final InstantSource clock;
    private final TargetFacts facts;
    private final JsonLimits json;
    private final TargetHealth health;
    private final TaskFit fits = new TaskFit();
    private final TaskDetection tasks = new TaskDetection();
    private final AutoScores scores;
    private final Waits waits;
    private final Pacing pacing;
    /** Counts the turns of combos while Redis is away. */
    private final AtomicLong ownTurns = new AtomicLong();

    /**
     * @param strategies by the name that YAML uses
     * @param turns counts turns
     * @param statistics how often and how fast targets answer
     * @param quotas what is left of the limits of accounts
     * @param facts what is known of models
     * @param json how deep the bodies of calls may be
     * @param health what is known from the calls before
     * @param scores what the factors of scores count
     * @param waits the calls that wait for a target
     * @param pacing the paces of accounts
     */
    public TargetChooser(
            Map<String, SelectionStrategy> strategies,
            RoutingStore turns,
            TargetStatistics statistics,
            AccountQuotas quotas,
            InstantSource clock,
            KnownFacts facts,
            JsonLimits json,
            TargetHealth health,
            AutoScores scores,
            Waits waits,
            Pacing pacing) {
        this.strategies = Map.copyOf(strategies);
        this.turns = turns;
        this.statistics = statistics;
        this.quotas = quotas;
        this.clock = clock;
        this.facts = new TargetFacts(facts);
        this.json = json;
        this.health = health;
        this.scores = scores;
        this.waits = waits;
        this.pacing = pacing;
    }

    TargetHealth health() {
        return health;
    }

    AutoScores scores() {
        return scores;
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

    /** Whether a choice from this combo, from one inside it or from accounts waits for its turn. */
    boolean takesTurns(Combo combo, Catalog catalog) {
        return takers(combo, catalog).findAny().isPresent();
    }

    /** The next turns, from 0: of the combo, of those inside it and of providers' accounts. All are asked for at once. */
    Mono<Map<String, Long>> nextTurns(Combo combo, Catalog catalog) {
        return turnsOf(
                combo,
                catalog,
                name -> turns.turn(name)
                        .map(turn -> turn - 1)
                        .onErrorResume(away -> Mono.fromSupplier(ownTurns::getAndIncrement)));
    }

    /** The turns that the next call of a combo will have; takes none. */
    Mono<Map<String, Long>> comingTurns(Combo combo, Catalog catalog) {
        return takesTurns(combo, catalog)
                ? turnsOf(combo, catalog, name -> turns.turns(name).onErrorReturn(ownTurns.get()))
                : Mono.just(Map.of());
    }

    private Mono<Map<String, Long>> turnsOf(Combo combo, Catalog catalog, Function<String, Mono<Long>> turn) {
        return Flux.fromStream(() -> takers(combo, catalog).distinct())
                .flatMap(name -> turn.apply(name).map(value -> Map.entry(name, value)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Stream<String> takers(Combo combo, Catalog catalog) {
        Stream<String> combos = combo.all()
                .filter(one -> one.members().size() > 1 && strategy(one).takesTurns())
                .map(Combo::name);
        Stream<String> providers = combo.targets().stream()
                .map(target -> catalog.providers().get(target.provider()))
                .filter(provider -> provider != null
                        && provider.connections().size() > 1
                        && strategy(provider.accounts()).takesTurns())
                .map(TargetChooser::ofAccounts);
        return Stream.concat(combos, providers);
    }

    /** What the choice from a provider's accounts is called where combos have names; no combo begins like that. */
    private static String ofAccounts(Provider provider) {
        return "accounts of " + provider.id();
    }

    /**
     * What a choice is made by, beside the strategies.
     *
     * @param body the call's; {@code null} where it is not known
     */
    Basis basis(Catalog catalog, Supplier<String> affinity, byte @Nullable [] body, Map<String, Long> turns) {
        return new Basis(
                new SharedKnowledge(catalog, facts, statistics, quotas, health, fits, scores, clock),
                affinity,
                () -> body == null ? "" : tasks.of(body, json),
                turns);
    }

    /**
     * What choices of one call are made by.
     *
     * @param affinity is asked only where a choice depends on it
     * @param task is asked only where a choice depends on it
     * @param turns by the combo
     */
    record Basis(TargetKnowledge known, Supplier<String> affinity, Supplier<String> task, Map<String, Long> turns) {}

    /** The combo's targets in the order of its strategy. A combo inside it is chosen by what its own strategy puts first. */
    List<Target> order(Combo combo, Basis basis) {
        if (combo.isFlat()) {
            return order(combo, combo.targets(), basis);
        }
        Map<Target, Deque<List<Target>>> behind = new HashMap<>();
        List<Target> faces = faces(
                combo,
                basis,
                (face, inner) -> behind.computeIfAbsent(face, first -> new ArrayDeque<>())
                        .add(inner));
        List<Target> ordered = new ArrayList<>(combo.targets().size());
        for (Target face : order(combo, faces, basis)) {
            for (Target target : Objects.requireNonNull(behind.get(face)).remove()) {
                if (ordered.stream().noneMatch(target::isSameAs)) {
                    ordered.add(target);
                }
            }
        }
        return ordered;
    }

    /** What a strategy has that lets several targets work together; of a combo inside the combo, what its own strategy puts first. */
    Selection selection(Combo combo, Basis basis) {
        return selection(combo, faces(combo, basis, (face, inner) -> {}), basis);
    }

    private List<Target> faces(Combo combo, Basis basis, BiConsumer<Target, List<Target>> behind) {
        List<Target> faces = new ArrayList<>(combo.members().size());
        for (Member member : combo.members()) {
            List<Target> inner = switch (member) {
                case Target target -> List.of(target);
                case Nested nested -> order(nested.combo(), basis);
            };
            Target face = inner.getFirst().withWeight(member.weight());
            faces.add(face);
            behind.accept(face, inner);
        }
        return faces;
    }

    private List<Target> order(Combo combo, List<Target> targets, Basis basis) {
        return targets.size() == 1 ? targets : strategy(combo).order(selection(combo, targets, basis));
    }

    private Selection selection(Combo combo, List<Target> targets, Basis basis) {
        return new Selection(
                combo,
                targets,
                basis.known(),
                basis.turns().getOrDefault(combo.name(), 0L),
                strategy(combo).keepsTogether() ? basis.affinity().get() : "",
                strategy(combo).readsTasks() ? task(combo, basis) : "",
                ThreadLocalRandom.current());
    }

    private static String task(Combo combo, Basis basis) {
        String task = combo.scoring().task();
        return task.isEmpty() ? basis.task().get() : task;
    }

    /** How the accounts of providers are ordered: as if they were the targets of a combo. */
    AccountOrder accounts(Basis basis) {
        return (provider, target) -> {
            List<Connection> accounts = provider.enabled(target.connection());
            return accounts.size() < 2 || FIRST_COME.contains(provider.accounts())
                    ? accounts
                    : ordered(provider, target, accounts, basis);
        };
    }

    private List<Connection> ordered(Provider provider, Target target, List<Connection> accounts, Basis basis) {
        List<Target> targets =
                accounts.stream().map(account -> target.at(account)).toList();
        Combo combo = Combo.of(
                ofAccounts(provider),
                provider.accounts(),
                targets,
                Optional.empty(),
                provider.accountsSticky(),
                Demands.DEFAULT,
                Patience.NONE);
        return order(combo, targets, basis).stream()
                .map(one -> provider.connections().get(one.connection().orElseThrow()))
                .toList();
    }

    /** Notes what an answer tells of the limits of its account. */
    void learn(Attempt attempt, @Nullable UpstreamAnswer answer) {
        if (answer != null) {
            quotas.note(TargetHealth.account(attempt), QuotaHeaders.read(answer::header, clock.instant()));
        }
    }

    /** Remembers who has answered, for those that begin with who has answered last. */
    void remember(Combo combo, Attempt attempt) {
        if (combo.targets().size() > 1) {
            combo.all()
                    .filter(one -> strategy(one).remembersAnswers())
                    .flatMap(one -> one.targets().stream()
                            .filter(attempt.target()::isSameAs)
                            .map(target -> Map.entry(one.name(), target.counted())))
                    .forEach(answer -> statistics.answered(answer.getKey(), answer.getValue()));
        }
        if (attempt.provider().connections().size() > 1
                && strategy(attempt.provider().accounts()).remembersAnswers()) {
            statistics.answered(ofAccounts(attempt.provider()), TargetHealth.account(attempt));
        }
    }

    /**
     * Which of the targets are fit for a call.
     *
     * @param body the call's; {@code null} where it is not known
     * @throws ApiException if none is
     */
    Fitness fitness(Combo combo, Catalog catalog, String asked, byte @Nullable [] body) {
        if (combo.targets().size() == 1 && combo.isFlat() && !combo.demands().areAny()) {
            return Fitness.ALL;
        }
        List<Target> reached = combo.reached().distinct().toList();
        Fitness fitness = Fitness.of(
                combo,
                reached,
                target -> facts.of(catalog, target),
                body == null ? 0 : body.length / RequestNeeds.BYTES_OF_A_TOKEN,
                body == null ? null : () -> RequestNeeds.of(body, json));
        if (combo.targets().stream().noneMatch(target -> fitness.reason(target).isEmpty())) {
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

    /** The strategy that a combo names. */
    SelectionStrategy strategy(Combo combo) {
        return strategy(combo.strategy());
    }

    private SelectionStrategy strategy(String name) {
        SelectionStrategy strategy = strategies.get(name);
        if (strategy == null) {
            throw new IllegalStateException("unknown strategy " + name);
        }
        return strategy;
    }
}
