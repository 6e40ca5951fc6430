package io.omniroute.filters.combo;

import io.omniroute.config.Combo;
import io.omniroute.config.Demands;
import io.omniroute.config.Member;
import io.omniroute.config.Nested;
import io.omniroute.config.Patience;
import io.omniroute.config.Provider;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The order of a combo's targets, of combos inside it, and of the accounts of providers, each by its strategy. Thread-safe. */
final class TargetOrder {

    /**
     * What choices of one call are made by.
     *
     * @param affinity is asked only where a choice depends on it
     * @param task is asked only where a choice depends on it
     * @param turns by the combo
     */
    record Basis(TargetKnowledge known, Supplier<String> affinity, Supplier<String> task, Map<String, Long> turns) {

        /** The same for a choice from accounts. */
        Basis ofAccounts() {
            return new Basis(known.ofAccounts(), affinity, task, turns);
        }
    }

    private final NamedStrategies strategies;

    TargetOrder(NamedStrategies strategies) {
        this.strategies = strategies;
    }

    /** The combo's targets in the order of its strategy. A combo inside it is chosen by what its own strategy puts first. */
    List<Target> of(Combo combo, Basis basis) {
        return of(combo, basis, 1);
    }

    /**
     * The same inside another combo.
     *
     * @param every how many turns the others need to come round to this combo, whose own turn changes only then
     */
    private List<Target> of(Combo combo, Basis basis, long every) {
        if (combo.isFlat()) {
            return of(combo, combo.targets(), basis, every);
        }
        Map<Target, Deque<List<Target>>> behind = new HashMap<>();
        List<Target> faces = faces(
                combo,
                basis,
                every,
                target -> true,
                (face, inner) -> behind.computeIfAbsent(face, first -> new ArrayDeque<>())
                        .add(inner));
        List<Target> ordered = new ArrayList<>(combo.targets().size());
        Set<Target> there = new HashSet<>();
        for (Target face : of(combo, faces, basis, every)) {
            for (Target target : Objects.requireNonNull(behind.get(face)).remove()) {
                if (there.add(target.bare())) {
                    ordered.add(target);
                }
            }
        }
        return ordered;
    }

    /** What a combo's strategy orders by; empty for strategies that do not score, and for combos of combos. */
    Optional<Scored> scored(Combo combo, Basis basis) {
        SelectionStrategy strategy = strategies.of(combo.strategy());
        return combo.isFlat() && strategy.readsTasks() && combo.targets().size() > 1
                ? strategy.scored(selection(combo, combo.targets(), basis, 1))
                : Optional.empty();
    }

    /**
     * What a strategy has that lets several targets work together; of a combo inside the combo, what its own strategy puts first.
     *
     * @param fit whether a target can take the call
     */
    Selection selection(Combo combo, Basis basis, Predicate<Target> fit) {
        return selection(combo, faces(combo, basis, 1, fit, (face, inner) -> {}), basis, 1);
    }

    /**
     * The attempts at one target, which differ by their accounts, as if these were the targets of a combo.
     *
     * @param within the combo that has the target
     */
    List<Attempt> accounts(Combo within, List<Attempt> attempts, Basis basis) {
        Provider provider = attempts.getFirst().provider();
        if (strategies.of(provider.accounts()).keepsOrder()) {
            return attempts;
        }
        Map<Target, Attempt> byAccount = new HashMap<>();
        List<Target> accounts = new ArrayList<>(attempts.size());
        for (Attempt attempt : attempts) {
            Target account = attempt.target().at(attempt.connection());
            byAccount.put(account, attempt);
            accounts.add(account);
        }
        Combo combo = Combo.of(
                Turns.ofAccounts(provider),
                provider.accounts(),
                accounts,
                Optional.empty(),
                provider.accountsSticky(),
                Demands.DEFAULT,
                Patience.NONE);
        return of(
                        combo,
                        accounts,
                        basis.ofAccounts(),
                        round(within, attempts.getFirst().target()))
                .stream()
                .map(account -> Objects.requireNonNull(byAccount.get(account)))
                .toList();
    }

    /** How many turns a combo and those inside it need to come round to a target, where they take turns. */
    private long round(Combo combo, Target target) {
        long own = round(combo);
        for (Member member : combo.members()) {
            if (member instanceof Nested nested
                    && nested.combo().targets().stream().anyMatch(target::isSameAs)) {
                return own * round(nested.combo(), target);
            }
        }
        return own;
    }

    private long round(Combo combo) {
        return combo.members().size() > 1 && strategies.of(combo.strategy()).takesTurns()
                ? (long) combo.members().size() * Math.max(1, combo.sticky())
                : 1;
    }

    private List<Target> faces(
            Combo combo, Basis basis, long every, Predicate<Target> fit, BiConsumer<Target, List<Target>> behind) {
        boolean remembers = strategies.of(combo.strategy()).remembersAnswers();
        long inside = every * round(combo);
        List<Target> faces = new ArrayList<>(combo.members().size());
        for (Member member : combo.members()) {
            List<Target> inner = switch (member) {
                case Target target -> List.of(target);
                case Nested nested -> {
                    List<Target> own = of(nested.combo(), basis, inside);
                    yield remembers ? answeredLast(combo, own, basis) : own;
                }
            };
            Target first = inner.stream()
                    .filter(target -> inner.size() > 1 && basis.known().health(target) > 0 && fit.test(target))
                    .findFirst()
                    .or(() -> inner.stream().filter(fit).findFirst())
                    .orElseGet(inner::getFirst);
            Target face = first.withWeight(member.weight()).withPrompt(prompt(member));
            faces.add(face);
            behind.accept(face, inner);
        }
        return faces;
    }

    /** What has answered a combo last may be behind others in a combo inside it. */
    private static List<Target> answeredLast(Combo combo, List<Target> inner, Basis basis) {
        List<Target> ordered = new ArrayList<>(inner);
        for (Target target : inner) {
            if (basis.known().answeredLast(combo.name(), target)) {
                ordered.remove(target);
                ordered.addFirst(target);
                break;
            }
        }
        return ordered;
    }

    private static String prompt(Member member) {
        return member instanceof Nested nested ? nested.prompt() : "";
    }

    private List<Target> of(Combo combo, List<Target> targets, Basis basis, long every) {
        return targets.size() == 1
                ? targets
                : strategies.of(combo.strategy()).order(selection(combo, targets, basis, every));
    }

    private Selection selection(Combo combo, List<Target> targets, Basis basis, long every) {
        SelectionStrategy strategy = strategies.of(combo.strategy());
        return new Selection(
                combo,
                targets,
                basis.known(),
                basis.turns().getOrDefault(combo.name(), 0L) / every,
                strategy.keepsTogether() ? basis.affinity().get() : "",
                strategy.readsTasks() ? task(combo, basis) : "",
                ThreadLocalRandom.current());
    }

    private static String task(Combo combo, Basis basis) {
        String task = combo.scoring().task();
        return task.isEmpty() ? basis.task().get() : task;
    }
}
