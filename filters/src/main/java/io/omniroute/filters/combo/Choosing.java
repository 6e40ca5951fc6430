package io.omniroute.filters.combo;

import io.omniroute.config.Catalog;
import io.omniroute.config.Combo;
import io.omniroute.config.Target;
import io.omniroute.filters.attempt.Attempt;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.format.Endpoint;
import io.omniroute.translators.format.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The choice of what is tried for one call, step by step: who works on the answer together, the order of targets and of their accounts, what the
 * call asks of accounts, the account of its session, and what is fit for it. A call that is sent and one that is only explained go
 * through these steps and no others; neither has a say in them but by what it asks.
 *
 * @param session the call's, with the account that has answered it last
 * @param basis what the strategies go by
 */
record Choosing(
        TargetChooser chooser, Asked asked, Combo combo, Optional<Stickiness.Held> session, TargetOrder.Basis basis) {

    /** From how many targets on a list of them is more than a call's record should keep. */
    private static final int MANY = 100;

    Choosing(TargetChooser chooser, Asked asked, Combo combo, Beforehand.Known known) {
        this(
                chooser,
                asked,
                combo,
                known.session(),
                new TargetOrder.Basis(
                        chooser.known().now(asked.catalog()),
                        asked::affinity,
                        chooser.known().task(asked.body()),
                        known.turns()));
    }

    /** The same for a call that asks for something else, and was there when the first steps were made. */
    Choosing asking(Asked other) {
        return new Choosing(chooser, other, combo, session, basis);
    }

    /** What is to become of the call. */
    Chosen chosen() {
        Optional<ComposingStrategy> composing = composing();
        return composing.isPresent() ? together(composing.get()) : inOrder();
    }

    /** The strategy that composes the answer of the call; empty if one target answers it alone. */
    private Optional<ComposingStrategy> composing() {
        if (!(chooser.strategies().of(combo) instanceof ComposingStrategy composing)
                || combo.members().size() < 2
                || asked.endpoint().operation() != Operation.CHAT
                || !asked.mayHaveParts()) {
            return Optional.empty();
        }
        boolean together = composing.takesTools()
                || (!asked.usesHostedTools() && !chooser.known().needsTools(asked.body()));
        return together ? Optional.of(composing) : Optional.empty();
    }

    /** What is not fit for the call takes no part in it, and nor does what rests where others do the same. */
    private Chosen together(ComposingStrategy strategy) {
        Fitness known = fitness(combo::targets);
        // who cannot be spared is told to follow a schema where it does not by itself
        Fitness fitness = strategy.needsAll() ? known.translated() : known;
        Selection selection = chooser.order().selection(combo, basis, fitness::takes);
        List<Target> fit = selection.targets().stream().filter(fitness::takes).toList();
        boolean lacksOne =
                strategy.needsAll() && fit.size() < selection.targets().size();
        if (lacksOne || fit.isEmpty()) {
            return unfit(described(selection.targets()), fitness);
        }
        List<Target> working =
                fit.stream().filter(target -> basis.known().health(target) > 0).toList();
        Selection asks = selection.with(strategy.canSpare() && !working.isEmpty() ? working : fit);
        return asks.targets().size() > 1 ? new Chosen.Together(described(combo.targets()), strategy, asks) : inOrder();
    }

    /** What is to become of the call where one target answers it, in the order of the combo's strategy. */
    Chosen inOrder() {
        return among(chooser.order().of(combo, basis));
    }

    /** The same with these targets, in this order. */
    Chosen among(List<Target> targets) {
        List<Attempt> possible = possible(targets);
        if (possible.isEmpty()) {
            return nothing(targets);
        }
        AccountTerms terms = asked.terms();
        List<Attempt> meeting = terms.filter(possible);
        Supplier<List<Missing>> missing =
                meeting.size() == possible.size() ? missing(targets) : missing(terms, possible, missing(targets));
        if (meeting.isEmpty()) {
            return refused(missing.get(), terms.refusal(possible, asked.name()));
        }
        List<Attempt> attempts = session.map(held -> chooser.stickiness().first(combo, meeting, held))
                .orElse(meeting);
        Fitness fitness = fitness(() -> Attempt.targets(attempts));
        Choice choice = choice(attempts, fitness, missing);
        return !fitness.isOfAll() && attempts.stream().noneMatch(attempt -> fitness.takes(attempt.target()))
                ? unfit(choice, fitness)
                : new Chosen.InOrder(choice, fitness);
    }

    private List<Attempt> possible(List<Target> targets) {
        return chooser.plan()
                .possible(
                        asked.catalog(),
                        asked.endpoint(),
                        asked.wantsThoughts(),
                        targets,
                        accounts -> chooser.order().accounts(combo, accounts, basis));
    }

    private Fitness fitness(Supplier<List<Target>> among) {
        return chooser.known().fitness(combo, asked.catalog(), asked.body(), among);
    }

    /** What several may answer together. */
    private Choice described(List<Target> targets) {
        List<Attempt> possible = possible(targets);
        return choice(possible, fitness(() -> Attempt.targets(possible)), missing(targets));
    }

    /** Is kept with the record of the decision, for which the call's body must not wait. */
    private Supplier<List<Missing>> missing(List<Target> targets) {
        AttemptPlan plan = chooser.plan();
        Catalog catalog = asked.catalog();
        Endpoint endpoint = asked.endpoint();
        // nor must an order of very many, which the combo itself has, too
        List<Target> kept =
                targets.size() > MANY && targets.size() == combo.targets().size() ? combo.targets() : targets;
        return () -> plan.missing(catalog, endpoint, kept);
    }

    private static Supplier<List<Missing>> missing(
            AccountTerms terms, List<Attempt> possible, Supplier<List<Missing>> others) {
        return () -> Stream.concat(terms.missing(possible).stream(), others.get().stream())
                .toList();
    }

    private Chosen nothing(List<Target> targets) {
        List<Missing> missing = missing(targets).get();
        return asked.isForCounting()
                ? new Chosen.Estimated(without(missing))
                : refused(
                        missing,
                        AttemptPlan.nothingToTry(asked.catalog(), asked.endpoint(), targets, combo, asked.name()));
    }

    private Chosen refused(List<Missing> missing, ApiException refusal) {
        Map<String, String> reasons = new LinkedHashMap<>();
        missing.forEach(one -> reasons.put(one.name(), one.reason()));
        return new Chosen.Refused(without(missing), missing.size(), reasons, refusal);
    }

    private Choice without(List<Missing> missing) {
        return choice(List.of(), Fitness.ALL, () -> missing);
    }

    /** Not enough is fit for the call. */
    private Chosen unfit(Choice choice, Fitness fitness) {
        Map<String, String> reasons = new LinkedHashMap<>();
        choice.attempts().forEach(attempt -> reasons.put(attempt.name(), fitness.reason(attempt.target())));
        return new Chosen.Refused(choice, choice.attempts().size(), reasons, fitness.refusal(asked.name()));
    }

    /** What these attempts look like to somebody who wants to know. */
    private Choice choice(List<Attempt> attempts, Fitness fitness, Supplier<List<Missing>> missing) {
        return new Choice(
                combo,
                basis.turns().getOrDefault(combo.name(), 0L),
                attempts,
                Obstacles.of(attempts, chooser.known().health(), fitness),
                chooser.order().scored(combo, basis),
                missing);
    }
}
