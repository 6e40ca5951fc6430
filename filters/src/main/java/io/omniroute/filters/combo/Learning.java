package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.filters.attempt.UpstreamAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Adds what attempts teach to the {@link Experience} of all calls. Thread-safe. */
final class Learning {

    private final Experience experience;
    private final NamedStrategies strategies;
    private final UndeclaredNames undeclared;
    /** What combos list as a model at one account. */
    private final Derived<String, Set<String>> pinned = new Derived<>();

    Learning(Experience experience, NamedStrategies strategies) {
        this.experience = experience;
        this.strategies = strategies;
        this.undeclared = new UndeclaredNames(experience.clock());
    }

    /** What rests. */
    TargetHealth health() {
        return experience.health();
    }

    /** Counts an attempt that has begun. */
    void begins(Catalog catalog, Attempt attempt) {
        counted(catalog, attempt).forEach(experience.statistics()::begins);
    }

    /** Counts an attempt that says nothing of its target. */
    void left(Catalog catalog, Attempt attempt) {
        counted(catalog, attempt).forEach(experience.statistics()::left);
    }

    /** Counts an attempt that has ended. */
    void ended(Catalog catalog, Attempt attempt, boolean failed, Duration took) {
        counted(catalog, attempt).forEach(one -> experience.statistics().ended(one, failed, took));
    }

    /** The model, the account, and both together where some target is the one at the other. */
    private List<String> counted(Catalog catalog, Attempt attempt) {
        return isTarget(catalog, attempt.name())
                ? List.of(attempt.target().name(), attempt.account(), attempt.name())
                : List.of(attempt.target().name(), attempt.account());
    }

    private boolean isTarget(Catalog catalog, String modelAtAccount) {
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
    void limits(Attempt attempt, @Nullable UpstreamAnswer answer) {
        if (answer != null) {
            experience
                    .quotas()
                    .note(
                            attempt.account(),
                            QuotaHeaders.read(answer::header, experience.clock().instant()));
        }
    }

    /** Remembers who has answered, for those that begin with who has answered last. */
    void answered(Combo combo, Attempt attempt) {
        if (combo.targets().size() > 1) {
            combo.all()
                    .filter(one -> strategies.of(one).remembersAnswers())
                    .flatMap(one -> one.targets().stream()
                            .filter(attempt.target()::isSameAs)
                            .map(target -> Map.entry(one.name(), target.counted())))
                    .forEach(answer -> experience.statistics().answered(answer.getKey(), answer.getValue()));
        }
        if (attempt.provider().connections().size() > 1
                && strategies.of(attempt.provider().accounts()).remembersAnswers()) {
            experience.statistics().answered(Turns.ofAccounts(attempt.provider()), attempt.account());
        }
    }

    /** Notes who has answered a session. */
    void answered(Stickiness.Held session, Attempt attempt) {
        experience.sessions().answered(session.key(), session.account(), attempt.name());
    }

    /**
     * Whether the model may be remembered as one that rests: those that somebody has declared, and as many others as there is room for.
     *
     * @param isUnknown whether its provider says that it does not know it
     */
    boolean remembers(Combo combo, Attempt attempt, boolean isUnknown) {
        return combo.targets().size() > 1
                || attempt.provider().models().containsKey(attempt.target().model())
                || undeclared.haveRoom(attempt.target().name(), isUnknown);
    }
}
