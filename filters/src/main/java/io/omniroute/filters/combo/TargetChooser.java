package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.KnownFacts;
import io.omniroute.config.Scoring;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.UpstreamAnswer;
import io.omniroute.filters.call.Ledger;
import io.omniroute.filters.task.TaskDetection;
import io.omniroute.filters.task.TaskFit;
import io.omniroute.redis.routing.AccountQuotas;
import io.omniroute.redis.routing.RoutingStore;
import io.omniroute.redis.routing.SessionTargets;
import io.omniroute.redis.routing.TargetStatistics;
import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.RequestNeeds;
import io.omniroute.translators.json.JsonLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Orders the targets of combos by their strategies. Thread-safe. */
public final class TargetChooser {

    /** The header by which a client chooses how targets are scored. */
    static final String MODE = "X-OmniRoute-Mode";

    private static final long HOUR = 3_600_000;
    private static final int MOST_UNKNOWN = 1_000;

    private final Map<String, SelectionStrategy> strategies;
    private final Turns turns;
    private final TargetOrder order;
    private final AttemptPlan plan;
    private final TargetStatistics statistics;
    private final AccountQuotas quotas;
    private final InstantSource clock;
    private final KnownFacts facts;
    private final Derived<Target, KnownTarget> profiles = new Derived<>();
    private final Derived<Derived.ComboKey, Fitness.OfCombo> fitness = new Derived<>();
    /** What combos list as a model at one account. */
    private final Derived<String, Set<String>> pinned = new Derived<>();

    /** Names that providers did not know in this hour. */
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    private final Set<String> perhapsKnown = ConcurrentHashMap.newKeySet();

    private volatile long unknownSince;
    private final JsonLimits json;
    private final TargetHealth health;
    private final TaskFit fits = new TaskFit();
    private final TaskDetection tasks = new TaskDetection();
    private final AutoScores scores;
    private final Waits waits;
    private final Pacing pacing;
    private final Ledger ledger;
    private final Stickiness stickiness;

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
     * @param ledger what is owed for attempts
     * @param sessions who has answered sessions
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
            Pacing pacing,
            Ledger ledger,
            SessionTargets sessions) {
        this.strategies = Map.copyOf(strategies);
        this.turns = new Turns(turns, this::strategy);
        this.order = new TargetOrder(this::strategy);
        this.statistics = statistics;
        this.quotas = quotas;
        this.clock = clock;
        this.facts = facts;
        this.plan = new AttemptPlan(facts);
        this.json = json;
        this.health = health;
        this.scores = scores;
        this.waits = waits;
        this.pacing = pacing;
        this.ledger = ledger;
        this.stickiness = new Stickiness(sessions, quotas, clock, this::strategy);
    }

    TargetHealth health() {
        return health;
    }

    Waits waits() {
        return waits;
    }

    Stickiness stickiness() {
        return stickiness;
    }

    Pacing pacing() {
        return pacing;
    }

    Ledger ledger() {
        return ledger;
    }

    TargetStatistics statistics() {
        return statistics;
    }

    Turns turns() {
        return turns;
    }

    TargetOrder order() {
        return order;
    }

    AttemptPlan plan() {
        return plan;
    }

    /** How deep the bodies of calls may be. */
    JsonLimits json() {
        return json;
    }

    /**
     * What a choice is made by, beside the strategies.
     *
     * @param body the call's; {@code null} where it is not known
     */
    TargetOrder.Basis basis(
            Catalog catalog, Supplier<String> affinity, byte @Nullable [] body, Map<String, Long> turns) {
        return new TargetOrder.Basis(
                new SharedKnowledge(
                        target -> profile(catalog, target), statistics, quotas, health, fits, scores, clock),
                affinity,
                new Once(() -> body == null ? "" : tasks.of(body, json)),
                turns);
    }

    /** Looks through a body once, however often it is asked. Used by one call, on one thread. */
    private static final class Once implements Supplier<String> {

        private final Supplier<String> source;
        private @Nullable String known;

        Once(Supplier<String> source) {
            this.source = source;
        }

        @Override
        public String get() {
            String value = known;
            if (value == null) {
                value = source.get();
                known = value;
            }
            return value;
        }
    }

    private KnownTarget profile(Catalog catalog, Target target) {
        return profiles.of(catalog, target, () -> KnownTarget.of(catalog, facts, target));
    }

    /** Whether a call has tools, as far as its body is known. */
    boolean needsTools(byte @Nullable [] body) {
        return body != null && RequestNeeds.of(body, json).tools();
    }

    /**
     * Whether there is room to remember how a name that nobody has declared has failed. Clients choose names, and what rests has its
     * bound: those that their providers say they do not know leave room for those that they may know.
     */
    boolean remembers(String name, boolean isUnknown) {
        long hour = clock.millis() / HOUR;
        if (unknownSince != hour) {
            unknownSince = hour;
            unknown.clear();
            perhapsKnown.clear();
        }
        Set<String> names = isUnknown ? unknown : perhapsKnown;
        return names.contains(name) || (names.size() < MOST_UNKNOWN && names.add(name));
    }

    /** Whether some combo has the model at the account as a target of its own. */
    boolean isTarget(Catalog catalog, String modelAtAccount) {
        return pinned.of(
                        catalog,
                        "",
                        () -> catalog.combos().values().stream()
                                .flatMap(combo -> combo.targets().stream())
                                .filter(target -> target.connection().isPresent())
                                .map(Target::counted)
                                .collect(Collectors.toUnmodifiableSet()))
                .contains(modelAtAccount);
    }

    /** Notes what an answer tells of the limits of its account. */
    void learn(Attempt attempt, @Nullable UpstreamAnswer answer) {
        if (answer != null) {
            quotas.note(attempt.account(), QuotaHeaders.read(answer::header, clock.instant()));
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
            statistics.answered(Turns.ofAccounts(attempt.provider()), attempt.account());
        }
    }

    /**
     * Which of the targets are fit for a call; maybe none.
     *
     * @param body the call's; {@code null} where it is not known
     * @param among what is left to choose from; asked only where something is not fit
     */
    Fitness fitness(Combo combo, Catalog catalog, byte @Nullable [] body, Supplier<List<Target>> among) {
        if (combo.targets().size() == 1 && combo.isFlat() && !combo.demands().areAny()) {
            return Fitness.ALL;
        }
        Fitness.OfCombo known = fitness.of(
                catalog,
                new Derived.ComboKey(combo),
                () -> Fitness.OfCombo.of(
                        combo, target -> profile(catalog, target).facts()));
        return known.of(
                        body == null ? 0 : body.length / RequestNeeds.BYTES_OF_A_TOKEN,
                        body == null ? null : () -> RequestNeeds.of(body, json))
                .among(among);
    }

    /** What these attempts look like to somebody who wants to know. */
    Choice describe(
            Combo combo,
            TargetOrder.Basis basis,
            List<Attempt> attempts,
            Fitness fitness,
            Supplier<List<Missing>> missing) {
        return new Choice(
                combo,
                basis.turns().getOrDefault(combo.name(), 0L),
                attempts,
                Obstacles.of(attempts, health, fitness),
                order.scored(combo, basis),
                missing);
    }

    /**
     * The combo in the mode that a client asks for, where its strategy scores; the combo itself if none is asked for.
     *
     * @throws ApiException if there is no such mode
     */
    Combo inMode(Combo combo, @Nullable String asked) {
        if (asked == null || !strategy(combo).readsTasks()) {
            return combo;
        }
        String mode = scores.mode(asked)
                .orElseThrow(() -> ApiError.invalid(
                                MODE,
                                "there is no mode \"" + asked + "\" (expected one of: "
                                        + String.join(
                                                ", ",
                                                new TreeSet<>(scores.modes().keySet())) + ")")
                        .exception());
        return combo.with(new Scoring(mode, combo.scoring().task()));
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
